update operators set revoked_at = @now, previous_token_hash = null, previous_token_until = null where id = @id
