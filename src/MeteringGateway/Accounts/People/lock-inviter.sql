-- Held until the invitation is accepted: an owner who is removed meanwhile waits, and then takes the new member for one that was there.
select 1
from team_members
where team_id = @teamId
  and account_id = @accountId
  and role = 'owner'
for share
