select id, email, full_name as FullName, kind, status, credit_balance as CreditBalance, monthly_budget as MonthlyBudget,
  low_balance_mark as LowBalanceMark, version, created_at as CreatedAt
from accounts
where id = any(@ids)
order by id
