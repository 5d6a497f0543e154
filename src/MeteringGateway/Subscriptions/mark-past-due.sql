-- The month that was ordered and refused is the one after the one that ran.
update subscriptions s
set status = 'past_due'
where status = 'active'
  and exists (select from orders o where o.subscription_id = s.id and o.period > s.period and o.status in ('declined', 'canceled'))
