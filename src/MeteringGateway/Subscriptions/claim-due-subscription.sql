-- One at a time, passing over those that another gateway is renewing. One whose next month is ordered already waits for that order.
select id, account_id as AccountId, plan_id as PlanId, channel, billing, status, period, current_period_end as CurrentPeriodEnd, created_at as CreatedAt, canceled_at as CanceledAt
from subscriptions s
where status = 'active' and current_period_end <= @now
  and not exists (select from orders o where o.subscription_id = s.id and o.period > s.period)
  and exists (select from accounts a where a.id = s.account_id and a.status = 'active')
order by current_period_end
limit 1
for update skip locked
