-- A refused payment that is to be tried again, and of which no order is open. Each is claimed once: its time goes with the claim.
update subscriptions
set retry_at = null
where id = (
  select id
  from subscriptions s
  where status = 'past_due' and retry_at <= @now and provider_id is null and channel <> all(@real)
    and not exists (select from orders o where o.subscription_id = s.id and o.period > s.period and o.status in ('pending', 'paid'))
    and exists (select from accounts a where a.id = s.account_id and a.status = 'active')
  order by retry_at
  limit 1
  for update skip locked)
returning id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd,
  (anchor at time zone 'utc' + make_interval(months => paid_through - anchor_period)) at time zone 'utc' as PaidUntil,
  billed_from as BilledFrom, paid_through as PaidThrough, cancel_at_period_end as CancelAtPeriodEnd,
  next_plan_id as NextPlanId, next_billing as NextBilling, next_channel as NextChannel, refusals, retry_at as RetryAt,
  created_at as CreatedAt, canceled_at as CanceledAt, provider_id as ProviderId, price_cents as PriceCents,
  coalesce(person_id, account_id) as PersonId
