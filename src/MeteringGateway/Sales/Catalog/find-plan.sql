select id, slug, name, description, price_monthly as PriceMonthly, price_yearly as PriceYearly, currency,
  credits_included as CreditsIncluded, features,
  (select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'period', period, 'product_id', product_id) order by channel, period),
    '[]')::text
    from plan_products where plan_id = plans.id) as ProductsJson,
  sort_order as SortOrder, active, created_at as CreatedAt
from plans
where id = @id
