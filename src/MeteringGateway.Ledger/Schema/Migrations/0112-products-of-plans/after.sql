do $$
begin
  if exists (
    select 1
    from plans p
    where p.stripe_price_monthly is distinct from (select product_id from plan_products where plan_id = p.id and channel = 'stripe' and period = 'monthly')
      or p.stripe_price_yearly is distinct from (select product_id from plan_products where plan_id = p.id and channel = 'stripe' and period = 'yearly')
      or p.creem_product_id is distinct from (select product_id from plan_products where plan_id = p.id and channel = 'creem' and period = 'any')) then
    raise exception 'a plan has another product than before';
  end if;
end $$;
