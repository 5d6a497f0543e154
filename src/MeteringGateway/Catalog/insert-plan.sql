insert into plans (
  slug, name, description, price_monthly, price_yearly, currency, credits_included, features,
  stripe_price_monthly, stripe_price_yearly, creem_product_id, sort_order, active)
values (
  @Slug, @Name, @Description, @PriceMonthly, @PriceYearly, @Currency, @CreditsIncluded, @Features,
  @StripePriceMonthly, @StripePriceYearly, @CreemProductId, @SortOrder, @Active)
on conflict (slug) do nothing
returning id, slug, name, description, price_monthly as PriceMonthly, price_yearly as PriceYearly, currency, credits_included as CreditsIncluded, features,
  stripe_price_monthly as StripePriceMonthly, stripe_price_yearly as StripePriceYearly, creem_product_id as CreemProductId,
  sort_order as SortOrder, active, created_at as CreatedAt
