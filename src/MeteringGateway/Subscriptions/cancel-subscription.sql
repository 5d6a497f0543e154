update subscriptions
set status = 'canceled', canceled_at = @now
where account_id = @accountId and status in ('active', 'past_due')
returning id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd, created_at as CreatedAt, canceled_at as CanceledAt
