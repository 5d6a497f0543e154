-- Only a person can be a member, and only a team can have any.
insert into team_members (team_id, account_id, role, key_limit)
select t.id, p.id, @role, @keyLimit
from accounts t
join accounts p on p.id = @accountId and p.kind = 'personal'
where t.id = @teamId
  and t.kind = 'team'
on conflict (team_id, account_id) do nothing
