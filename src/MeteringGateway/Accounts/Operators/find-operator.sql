-- The operator of a token that works now, and whether it is a minute since a use was written down.
select id, name, access = 'full' as MayChange, coalesce(last_used_at < @now - interval '1 minute', true) as IsNews
from operators
where (token_hash = @hash or (previous_token_hash = @hash and previous_token_until > @now))
  and revoked_at is null
  and (expires_at is null or expires_at > @now)
