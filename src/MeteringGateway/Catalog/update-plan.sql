update plans
set slug = @Slug, name = @Name, description = @Description, price_monthly = @PriceMonthly, price_yearly = @PriceYearly,
    currency = @Currency, credits_included = @CreditsIncluded, features = @Features, stripe_price_monthly = @StripePriceMonthly,
    stripe_price_yearly = @StripePriceYearly, creem_product_id = @CreemProductId, sort_order = @SortOrder, active = @Active
where id = @Id
returning id, slug, name, description, price_monthly as PriceMonthly, price_yearly as PriceYearly, currency, credits_included as CreditsIncluded, features,
  stripe_price_monthly as StripePriceMonthly, stripe_price_yearly as StripePriceYearly, creem_product_id as CreemProductId,
  sort_order as SortOrder, active, created_at as CreatedAt
