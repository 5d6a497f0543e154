insert into subscriptions (account_id, plan_id, channel, billing, created_at, person_id)
values (@accountId, @planId, @channel, @billing, @now, @personId)
returning id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd,
  (anchor at time zone 'utc' + make_interval(months => paid_through - anchor_period)) at time zone 'utc' as PaidUntil,
  billed_from as BilledFrom, paid_through as PaidThrough, cancel_at_period_end as CancelAtPeriodEnd,
  next_plan_id as NextPlanId, next_billing as NextBilling, next_channel as NextChannel, refusals, retry_at as RetryAt,
  created_at as CreatedAt, canceled_at as CanceledAt, provider_id as ProviderId, price_cents as PriceCents
