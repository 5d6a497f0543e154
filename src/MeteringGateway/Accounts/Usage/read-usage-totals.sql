-- Days begin at 00:00 UTC; the pace is that of the last seven times 24 hours, of a younger account that of the hours since its first call.
select coalesce(sum(calls) filter (where day >= @today), 0)::bigint as CallsToday,
       coalesce(sum(credits) filter (where day >= @today), 0)::bigint as CreditsToday,
       coalesce(sum(calls), 0)::bigint as CallsThisMonth,
       coalesce(sum(credits), 0)::bigint as CreditsThisMonth,
       (select coalesce(sum(credits), 0)::bigint from usage_hourly where account_id = @account and hour > @week_ago) as CreditsLastWeek,
       (select min(hour) from usage_hourly where account_id = @account and hour > @week_ago) as FirstHour
from usage_daily
where account_id = @account and day >= @month;
