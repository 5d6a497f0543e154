select count(*) from operators;

select id, name, access, prefix, previous_token_until as PreviousTokenUntil, expires_at as ExpiresAt, last_used_at as LastUsedAt,
       revoked_at as RevokedAt, created_at as CreatedAt
from operators
order by id
limit @limit offset @offset
