-- What is paid runs to its end. One whose payment was refused has nothing left, and its payment is not tried again.
update subscriptions
set status = case when status = 'past_due' then 'canceled' else status end,
    canceled_at = coalesce(canceled_at, @now), cancel_at_period_end = true,
    next_plan_id = null, next_billing = null, next_channel = null, retry_at = null
where account_id = @accountId and status in ('active', 'past_due')
returning id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd,
  (anchor at time zone 'utc' + make_interval(months => paid_through - anchor_period)) at time zone 'utc' as PaidUntil,
  billed_from as BilledFrom, paid_through as PaidThrough, cancel_at_period_end as CancelAtPeriodEnd,
  next_plan_id as NextPlanId, next_billing as NextBilling, next_channel as NextChannel, refusals, retry_at as RetryAt,
  created_at as CreatedAt, canceled_at as CanceledAt, provider_id as ProviderId, price_cents as PriceCents
