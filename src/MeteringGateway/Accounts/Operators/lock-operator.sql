-- Two changes of one operator come one after the other, each on top of the other's result.
select id, name, access, prefix, previous_token_until as PreviousTokenUntil, expires_at as ExpiresAt, last_used_at as LastUsedAt,
       revoked_at as RevokedAt, created_at as CreatedAt
from operators
where id = @id
for no key update
