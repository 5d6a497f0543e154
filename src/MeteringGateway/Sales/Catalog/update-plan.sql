with wanted as (
  select channel, period, product_id
  from jsonb_to_recordset(cast(@ProductsJson as jsonb)) as p(channel text, period text, product_id text)),
changed as (
  update plans
  set slug = @Slug, name = @Name, description = @Description, price_monthly = @PriceMonthly, price_yearly = @PriceYearly,
      currency = @Currency, credits_included = @CreditsIncluded, features = @Features, sort_order = @SortOrder, active = @Active
  where id = @Id
  returning id, slug, name, description, price_monthly, price_yearly, currency, credits_included, features, sort_order, active, created_at),
gone as (
  delete from plan_products o
  where plan_id = @Id and not exists (select from wanted n where n.channel = o.channel and n.period = o.period)),
sold as (
  insert into plan_products (plan_id, channel, period, product_id)
  select @Id, channel, period, product_id from wanted
  on conflict (plan_id, channel, period) do update set product_id = excluded.product_id
  returning channel, period, product_id)
select id, slug, name, description, price_monthly as PriceMonthly, price_yearly as PriceYearly, currency,
  credits_included as CreditsIncluded, features,
  (select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'period', period, 'product_id', product_id) order by channel, period),
    '[]')::text
    from sold) as ProductsJson,
  sort_order as SortOrder, active, created_at as CreatedAt
from changed
