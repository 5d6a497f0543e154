insert into sessions (hash, account_id, created_at, expires_at)
values (@hash, @accountId, @now, @expiresAt)
