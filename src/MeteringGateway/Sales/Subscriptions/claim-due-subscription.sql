-- One at a time, passing over those that another gateway is renewing. One whose next month is ordered already waits for that order.
-- A canceled subscription gets the months that are paid, and no other; so does one of a real provider, which charges by itself.
-- Of a year whose money went back nothing more is handed out.
select id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd,
  (anchor at time zone 'utc' + make_interval(months => paid_through - anchor_period)) at time zone 'utc' as PaidUntil,
  billed_from as BilledFrom, paid_through as PaidThrough, cancel_at_period_end as CancelAtPeriodEnd,
  next_plan_id as NextPlanId, next_billing as NextBilling, next_channel as NextChannel, refusals, retry_at as RetryAt,
  created_at as CreatedAt, canceled_at as CanceledAt, provider_id as ProviderId, price_cents as PriceCents,
  coalesce(person_id, account_id) as PersonId
from subscriptions s
where status = 'active' and current_period_end <= @now
  and (
    (period + 1 < paid_through and not exists (
      select from orders o
      where o.subscription_id = s.id and o.taken_back and o.period <= s.period + 1 and o.period + 12 > s.period + 1))
    or (period + 1 >= paid_through and provider_id is null and not cancel_at_period_end
      and (channel <> all(@real) or exists (
        select from plans p
        where p.id = s.plan_id and case when s.billing = 'yearly' then coalesce(p.price_yearly, 0) else p.price_monthly end = 0))))
  and not exists (select from orders o where o.subscription_id = s.id and o.period > s.period)
  and exists (select from accounts a where a.id = s.account_id and a.status = 'active')
order by current_period_end
limit 1
for update skip locked
