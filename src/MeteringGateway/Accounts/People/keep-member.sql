-- Held until the session is there: a removal of the member waits, and then ends the session with the membership.
select 1
from team_members
where team_id = @teamId
  and account_id = @accountId
for key share
