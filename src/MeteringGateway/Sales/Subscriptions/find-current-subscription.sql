-- The one that runs and goes on, else one that runs out, else the latest that once ran.
select id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd,
  coalesce(
    case when provider_id is not null and billing = 'monthly' then provider_period_end end,
    (anchor at time zone 'utc' + make_interval(months => paid_through - anchor_period)) at time zone 'utc') as PaidUntil,
  billed_from as BilledFrom, paid_through as PaidThrough, cancel_at_period_end as CancelAtPeriodEnd,
  next_plan_id as NextPlanId, next_billing as NextBilling, next_channel as NextChannel, refusals, retry_at as RetryAt,
  created_at as CreatedAt, canceled_at as CanceledAt, provider_id as ProviderId, price_cents as PriceCents
from subscriptions
where account_id = @accountId and status <> 'pending'
order by status = 'active' desc, status = 'past_due' desc, cancel_at_period_end, id desc
limit 1
