-- Of two rotations with an overlap the token before the last one ends at once: only one may be on its way out.
update operators
set previous_token_hash = case when @previousTokenUntil::timestamptz is null then null else token_hash end,
    previous_token_until = @previousTokenUntil, token_hash = @hash, prefix = @prefix, expires_at = @expiresAt
where id = @id
