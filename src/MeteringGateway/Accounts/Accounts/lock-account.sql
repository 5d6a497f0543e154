-- Two changes of one account come one after the other, each on top of the other's result.
select id, email, full_name as FullName, kind, status, credit_balance as CreditBalance, monthly_budget as MonthlyBudget,
  low_balance_mark as LowBalanceMark, version, created_at as CreatedAt
from accounts
where id = @id
for no key update
