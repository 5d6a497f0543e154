insert into keys (account_id, name, prefix, mode, limit_fixed, limit_daily, limit_weekly, limit_monthly, rate_limit_per_minute, surfaces,
  expires_at, made_by)
values (@accountId, @name, @prefix, @mode, @fixed, @daily, @weekly, @monthly, @rateLimitPerMinute, @surfaces::text[], @expiresAt, @madeBy)
returning id
