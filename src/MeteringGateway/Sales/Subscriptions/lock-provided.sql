select id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd,
  billed_from as BilledFrom, paid_through as PaidThrough, cancel_at_period_end as CancelAtPeriodEnd, refusals,
  created_at as CreatedAt, provider_id as ProviderId, price_cents as PriceCents, coalesce(person_id, account_id) as PersonId
from subscriptions
where id = @id
for no key update
