select t.id, t.full_name as FullName, m.role, m.key_limit as KeyLimit, t.status, t.credit_balance as CreditBalance,
  t.created_at as CreatedAt
from team_members m
join accounts t on t.id = m.team_id
where m.account_id = @accountId
order by t.id
