-- Waits for a transaction that makes a key of the same idempotency key, and then inserts nothing.
insert into keys (account_id, name, prefix, mode, limit_fixed, limit_daily, limit_weekly, limit_monthly, rate_limit_per_minute, surfaces,
  expires_at, made_by, idempotency_key)
values (@accountId, @name, @prefix, @mode, @fixed, @daily, @weekly, @monthly, @rateLimitPerMinute, @surfaces::text[], @expiresAt, @madeBy,
  @idempotencyKey)
on conflict (account_id, idempotency_key) where idempotency_key is not null do nothing
returning id
