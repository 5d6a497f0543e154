-- An account at a glance, in one round trip: its row and its sums, the sums of its last days, its newest entries. Each is found by the
-- account's number: by keys of its own, by a few rows of a day or hour each, by the last numbers of its entries.
select (select count(*) from keys k
        where k.account_id = @account and k.status = 'active' and (k.expires_at is null or k.expires_at > @now))::int as ActiveKeys,
       coalesce((select r.enabled from auto_recharge r where r.account_id = @account), false) as IsRecharged,
       -- What all is counted up to: the first entry that is not added up, the last one that there is, and when this was so.
       (select e.occurred_at from ledger_entries e where e.account_id = @account and e.seq = coalesce(p.seq, 0) + 1) as FirstUncounted,
       coalesce((select e.occurred_at from ledger_entries e where e.account_id = @account and e.seq = a.seq), a.created_at) as LastEntry,
       statement_timestamp() as ReadAt,
       d.calls_today as CallsToday, d.credits_today as CreditsToday, d.calls as CallsThisMonth, d.credits as CreditsThisMonth,
       h.credits as CreditsLastWeek, h.first_hour as FirstHour
from accounts a
left join usage_progress p on p.account_id = @account
cross join lateral (
  select coalesce(sum(calls) filter (where day >= @today), 0)::bigint as calls_today,
         coalesce(sum(credits) filter (where day >= @today), 0)::bigint as credits_today,
         coalesce(sum(calls), 0)::bigint as calls, coalesce(sum(credits), 0)::bigint as credits
  from usage_daily
  where account_id = @account and day >= @month
) d
cross join lateral (
  select coalesce(sum(credits), 0)::bigint as credits, min(hour) as first_hour
  from usage_hourly
  where account_id = @account and hour > @week_ago
) h
where a.id = @account;

select day as Day, nullif(surface, '') as Surface, sum(calls)::bigint as Calls, sum(credits)::bigint as Credits
from usage_daily
where account_id = @account and day >= @first_day
group by 1, 2
order by 1, 2;

select entry_id as Id, seq as Seq, entry_type as Type, credits_delta as Amount, balance_after as BalanceAfter, key_id as KeyId,
       surface as Surface, provider as Provider, description as Description, occurred_at as OccurredAt
from ledger_entries
where account_id = @account
order by seq desc
limit @entries;
