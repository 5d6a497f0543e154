-- Whether the password is still the one that was verified. Held until the session is there: a change waits, and then ends this session
-- with the others.
select 1
from passwords
where account_id = @accountId
  and changed_at = @changedAt
for share
