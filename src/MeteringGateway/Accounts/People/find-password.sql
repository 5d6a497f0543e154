select a.id, a.email, a.full_name as FullName, a.kind, a.status, a.credit_balance as CreditBalance, a.monthly_budget as MonthlyBudget,
       a.version, a.created_at as CreatedAt, p.hash as PasswordHash, p.changed_at as PasswordChangedAt
from accounts a
left join passwords p on p.account_id = a.id
where a.email_key = @emailKey
