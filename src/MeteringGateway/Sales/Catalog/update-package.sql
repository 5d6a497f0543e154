update packages
set slug = @Slug, name = @Name, description = @Description, credits = @Credits, price_cents = @PriceCents,
    currency = @Currency, sort_order = @SortOrder, active = @Active
where id = @Id
returning id, slug, name, description, credits, price_cents as PriceCents, currency, sort_order as SortOrder, active,
  created_at as CreatedAt
