insert into subscriptions (account_id, plan_id, channel, billing, created_at)
values (@accountId, @planId, @channel, @billing, @now)
returning id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd, created_at as CreatedAt, canceled_at as CanceledAt
