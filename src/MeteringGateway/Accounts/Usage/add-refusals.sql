-- In the order of the key, so that two gateways that add the same cells wait for each other one way only.
with counted as (
  select account_id, hour, key_id, surface, code, calls
  from unnest(@accounts, @hours, @keys, @surfaces, @codes, @calls) as c (account_id, hour, key_id, surface, code, calls)
), of_accounts as (
  insert into refusals_hourly as r (account_id, hour, key_id, surface, code, calls)
  select account_id, hour, key_id, surface, code, calls from counted order by account_id, hour, key_id, surface, code
  on conflict (account_id, hour, key_id, surface, code) do update set calls = r.calls + excluded.calls
)
insert into surface_refusals_hourly as r (hour, surface, code, calls)
select hour, surface, code, sum(calls)::bigint
from counted
group by hour, surface, code
order by hour, surface, code
on conflict (hour, surface, code) do update set calls = r.calls + excluded.calls;
