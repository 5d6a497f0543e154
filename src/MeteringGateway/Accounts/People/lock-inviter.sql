-- Held until the invitation is accepted: the removal of an owner waits meanwhile, and then takes the new member for one that was there.
select 1
from team_members
where team_id = @teamId
  and account_id = @accountId
  and role = 'owner'
for share
