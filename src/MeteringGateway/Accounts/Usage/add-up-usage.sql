-- Adds up what some accounts have used since they were last looked at, at most @most entries of each; answers those with more. One
-- statement, so that what counts and how far it counts are one. An account whose turn another gateway has now is left to it.
-- Each entry once: an account's entries come in the order of seq without a gap, and those that a statement can see are the first of them;
-- the progress is read as it is when its row is locked, so what it is too late to see only waits for the next turn.
with turn as (
  select account_id, seq from usage_progress where account_id = any(@accounts) order by account_id for update skip locked
), fresh as materialized (
  select e.account_id, e.seq, e.entry_type, coalesce(e.key_id, 0) as key_id, coalesce(e.surface, '') as surface,
         coalesce(e.provider, '') as provider, date_trunc('hour', e.occurred_at, 'UTC') as hour, -e.credits_delta as credits
  from turn t
  cross join lateral (
    select *
    from ledger_entries
    where account_id = t.account_id and seq > t.seq and seq <= t.seq + @most
  ) e
), moved as (
  update usage_progress p
  set seq = f.last
  from (select account_id, max(seq) as last from fresh group by account_id) f
  where p.account_id = f.account_id
), hourly as (
  select account_id, hour, key_id, surface, provider, count(*) as calls, sum(credits)::bigint as credits
  from fresh
  where entry_type = 'usage'
  group by account_id, hour, key_id, surface, provider
), of_hours as (
  insert into usage_hourly as u (account_id, hour, key_id, surface, provider, calls, credits)
  select * from hourly order by account_id, hour, key_id, surface, provider
  on conflict (account_id, hour, key_id, surface, provider) do update
  set calls = u.calls + excluded.calls, credits = u.credits + excluded.credits
), of_days as (
  insert into usage_daily as u (account_id, day, key_id, surface, provider, calls, credits)
  select account_id, date_trunc('day', hour, 'UTC') as day, key_id, surface, provider, sum(calls)::bigint, sum(credits)::bigint
  from hourly
  group by account_id, day, key_id, surface, provider
  order by account_id, day, key_id, surface, provider
  on conflict (account_id, day, key_id, surface, provider) do update
  set calls = u.calls + excluded.calls, credits = u.credits + excluded.credits
), of_accounts as (
  insert into account_usage_daily as u (day, account_id, calls, credits)
  select date_trunc('day', hour, 'UTC') as day, account_id, sum(calls)::bigint, sum(credits)::bigint
  from hourly
  group by day, account_id
  order by day, account_id
  on conflict (day, account_id) do update
  set calls = u.calls + excluded.calls, credits = u.credits + excluded.credits
), of_surfaces as (
  insert into surface_usage_hourly as u (hour, surface, provider, calls, credits)
  select hour, surface, provider, sum(calls)::bigint, sum(credits)::bigint
  from hourly
  group by hour, surface, provider
  order by hour, surface, provider
  on conflict (hour, surface, provider) do update
  set calls = u.calls + excluded.calls, credits = u.credits + excluded.credits
)
select account_id from fresh group by account_id having count(*) >= @most;
