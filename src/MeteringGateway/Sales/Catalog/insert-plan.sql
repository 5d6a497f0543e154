with made as (
  insert into plans (slug, name, description, price_monthly, price_yearly, currency, credits_included, features, sort_order, active)
  values (@Slug, @Name, @Description, @PriceMonthly, @PriceYearly, @Currency, @CreditsIncluded, @Features, @SortOrder, @Active)
  on conflict (slug) do nothing
  returning id, slug, name, description, price_monthly, price_yearly, currency, credits_included, features, sort_order, active, created_at),
sold as (
  insert into plan_products (plan_id, channel, period, product_id)
  select made.id, p.channel, p.period, p.product_id
  from made, jsonb_to_recordset(cast(@ProductsJson as jsonb)) as p(channel text, period text, product_id text)
  returning channel, period, product_id)
select id, slug, name, description, price_monthly as PriceMonthly, price_yearly as PriceYearly, currency,
  credits_included as CreditsIncluded, features,
  (select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'period', period, 'product_id', product_id) order by channel, period),
    '[]')::text
    from sold) as ProductsJson,
  sort_order as SortOrder, active, created_at as CreatedAt
from made
