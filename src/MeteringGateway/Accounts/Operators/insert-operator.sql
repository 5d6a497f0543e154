insert into operators (name, access, prefix, token_hash, expires_at)
values (@name, @access, @prefix, @hash, @expiresAt)
on conflict (lower(name)) where revoked_at is null do nothing
returning id, name, access, prefix, previous_token_until as PreviousTokenUntil, expires_at as ExpiresAt, last_used_at as LastUsedAt,
       revoked_at as RevokedAt, created_at as CreatedAt
