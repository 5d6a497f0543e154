-- The one that runs, else the latest that once did.
select id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd, created_at as CreatedAt, canceled_at as CanceledAt
from subscriptions
where account_id = @accountId and status <> 'pending'
order by status = 'active' desc, id desc
limit 1
