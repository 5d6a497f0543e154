select a.id as AccountId, a.email, a.full_name as FullName, m.role, m.key_limit as KeyLimit, m.created_at as CreatedAt
from team_members m
join accounts a on a.id = m.account_id
where m.team_id = @teamId
order by m.created_at, a.id
