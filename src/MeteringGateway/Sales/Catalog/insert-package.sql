insert into packages (slug, name, description, credits, price_cents, currency, sort_order, active)
values (@Slug, @Name, @Description, @Credits, @PriceCents, @Currency, @SortOrder, @Active)
on conflict (slug) do nothing
returning id, slug, name, description, credits, price_cents as PriceCents, currency, sort_order as SortOrder, active,
  created_at as CreatedAt
