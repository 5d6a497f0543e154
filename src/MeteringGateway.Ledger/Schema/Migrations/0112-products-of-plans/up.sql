-- What a plan is called at each payment provider: a row a product, in place of a column a provider.

create table plan_products (
  plan_id    text not null references plans,
  channel    text not null,
  period     text not null check (period in ('monthly', 'yearly', 'any')),
  product_id text not null,
  primary key (plan_id, channel, period)
);
comment on column plan_products.channel is 'The provider, as orders name it.';
comment on column plan_products.period is 'Which billing the product is for; any: the provider has one product for both.';

insert into plan_products (plan_id, channel, period, product_id)
select id, 'stripe', 'monthly', stripe_price_monthly from plans where stripe_price_monthly is not null
union all
select id, 'stripe', 'yearly', stripe_price_yearly from plans where stripe_price_yearly is not null
union all
select id, 'creem', 'any', creem_product_id from plans where creem_product_id is not null;

-- The columns stay for one release: a gateway of the version before, which is still running when this one starts, reads them with every plan.
comment on column plans.stripe_price_monthly is 'Moved to plan_products; no longer read or written.';
comment on column plans.stripe_price_yearly is 'Moved to plan_products; no longer read or written.';
comment on column plans.creem_product_id is 'Moved to plan_products; no longer read or written.';
