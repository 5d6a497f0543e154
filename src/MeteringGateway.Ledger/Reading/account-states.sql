-- Accounts with what each has spent in its newest month: one walk of each index an account, in one statement for any number of them.
select a.id as Id, a.credit_balance as Balance, a.status as Status, a.version as Version, a.monthly_budget as MonthlyBudget,
       coalesce(m.window_id, 0) as Month, coalesce(m.spent, 0) as MonthSpent
from accounts a
left join lateral (
  select window_id, spent from account_spend where account_id = a.id and period = 'MONTHLY' order by window_id desc limit 1
) m on true
where a.id = any(@ids)
