-- The account of a session that has not ended.
select account_id
from sessions
where hash = @hash
  and expires_at > @now
