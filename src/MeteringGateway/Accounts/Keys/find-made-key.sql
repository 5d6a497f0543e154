-- As get-key, by the idempotency key of the request that made it.
select id, account_id as AccountId, name, prefix, mode, status,
       limit_fixed as LimitFixed, limit_daily as LimitDaily, limit_weekly as LimitWeekly, limit_monthly as LimitMonthly,
       rate_limit_per_minute as RateLimitPerMinute, surfaces, expires_at as ExpiresAt, secret_version as SecretVersion,
       previous_secret_until as PreviousSecretUntil, version, created_at as CreatedAt, made_by as MadeBy,
       (select email from accounts where id = made_by) as MadeByEmail
from keys
where account_id = @accountId
  and idempotency_key = @idempotencyKey
