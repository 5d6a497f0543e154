-- The canceled subscriptions whose paid months are over, or went back.
update subscriptions s
set status = 'canceled'
where status = 'active' and cancel_at_period_end and current_period_end <= @now
  and (period + 1 >= paid_through or exists (
    select from orders o
    where o.subscription_id = s.id and o.taken_back and o.period <= s.period + 1 and o.period + 12 > s.period + 1))
