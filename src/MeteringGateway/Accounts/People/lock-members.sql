-- Two owners who remove each other at once come one after the other, and the second finds itself the last.
select account_id as AccountId, role, key_limit as KeyLimit
from team_members
where team_id = @teamId
order by account_id
for update
