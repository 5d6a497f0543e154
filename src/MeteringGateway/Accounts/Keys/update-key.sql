update keys
set name                  = @name,
    prefix                = @prefix,
    status                = @status,
    limit_fixed           = @fixed,
    limit_daily           = @daily,
    limit_weekly          = @weekly,
    limit_monthly         = @monthly,
    rate_limit_per_minute = @rateLimitPerMinute,
    surfaces              = @surfaces::text[],
    expires_at            = @expiresAt,
    secret_version        = @secretVersion,
    previous_secret_until = @previousSecretUntil,
    revoked_at            = case when @status = 'revoked' then coalesce(revoked_at, @now) end,
    version               = version + 1
where id = @id;

-- What is spent already may be beyond a limit that was lowered.
insert into notice_queue (cause, account_id, key_id)
select 'key', @accountId, @id
where @limitsChanged
