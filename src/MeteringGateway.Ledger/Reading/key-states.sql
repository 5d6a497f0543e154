-- Keys with what each has spent for ever and in its newest day, week and month: one walk of each index a key and period, in one
-- statement for any number of them.
select k.id as Id, k.account_id as AccountId, k.status as Status, k.version as Version, k.secret_version as SecretVersion,
       k.previous_secret_until as PreviousSecretUntil, k.expires_at as ExpiresAt, k.surfaces as Surfaces,
       k.rate_limit_per_minute as RateLimitPerMinute, k.limit_fixed as LimitFixed, k.limit_daily as LimitDaily,
       k.limit_weekly as LimitWeekly, k.limit_monthly as LimitMonthly,
       coalesce(f.spent, 0) as Spent,
       coalesce(d.window_id, 0) as Day, coalesce(d.spent, 0) as DaySpent,
       coalesce(w.window_id, 0) as Week, coalesce(w.spent, 0) as WeekSpent,
       coalesce(m.window_id, 0) as Month, coalesce(m.spent, 0) as MonthSpent
from keys k
left join lateral (select spent from key_spend where key_id = k.id and period = 'FIXED' and window_id = 0) f on true
left join lateral (select window_id, spent from key_spend where key_id = k.id and period = 'DAILY' order by window_id desc limit 1) d
  on true
left join lateral (select window_id, spent from key_spend where key_id = k.id and period = 'WEEKLY' order by window_id desc limit 1) w
  on true
left join lateral (select window_id, spent from key_spend where key_id = k.id and period = 'MONTHLY' order by window_id desc limit 1) m
  on true
where k.id = any(@ids)
