insert into sessions (hash, account_id, person_id, created_at, expires_at)
values (@hash, @accountId, @personId, @now, @expiresAt)
