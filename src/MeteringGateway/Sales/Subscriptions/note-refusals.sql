-- The month that was ordered and refused is the one after the one that ran; its last order has the number of refusals before it.
-- After 1, 3, 5 and 7 days it is tried again (hours, for a day of PostgreSQL's is that of the session's time zone), and then it ends.
-- A subscription that was canceled or replaced while the payment was under way ends at once: nobody pays for what was given up.
with refused as (
  select s.id, s.refusals, s.refusals >= @retries or s.cancel_at_period_end as ends, o.id as order_id, o.refusal
  from subscriptions s
  join orders o on o.subscription_id = s.id and o.period = s.period + 1 and o.attempt = s.refusals
  where s.status in ('active', 'past_due') and o.status in ('declined', 'canceled')
  for update of s skip locked
)
update subscriptions s
set refusals = r.refusals + 1,
    status = case when r.ends then 'canceled' else 'past_due' end,
    canceled_at = case when r.ends then coalesce(s.canceled_at, @now) else s.canceled_at end,
    retry_at = case when not r.ends then @now + make_interval(hours => case when r.refusals = 0 then 24 else 48 end) end
from refused r
where s.id = r.id
returning s.id, s.account_id as AccountId, s.status, s.cancel_at_period_end as CancelAtPeriodEnd, s.retry_at as RetryAt,
  r.order_id as OrderId, r.refusal
