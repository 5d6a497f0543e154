select id, slug, name, description, price_monthly as PriceMonthly, price_yearly as PriceYearly, currency, credits_included as CreditsIncluded, features,
  stripe_price_monthly as StripePriceMonthly, stripe_price_yearly as StripePriceYearly, creem_product_id as CreemProductId,
  sort_order as SortOrder, active, created_at as CreatedAt
from plans
where id = @id
