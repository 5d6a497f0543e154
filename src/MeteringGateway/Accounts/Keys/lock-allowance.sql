-- Held until the key is written: a removal or demotion of the member waits, and then ends or lowers this key with the others.
select account_id as AccountId, role, key_limit as KeyLimit
from team_members
where team_id = @teamId
  and account_id = @memberId
for share
