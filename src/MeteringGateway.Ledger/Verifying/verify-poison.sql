-- Poison messages: movements that Redis has made and the ledger will not have until an operator has dealt with them and deleted their rows.
-- The packed form is occurred|epoch|account|key|delta|…, or the same after its number, v1|; what is not even that belongs to nobody,
-- which is account 0.
with aside as (
  select case when split_part(entry, '|', 3) ~ '^[0-9]{1,18}$' then split_part(entry, '|', 3)::bigint else 0 end as account_id,
         case when split_part(entry, '|', 5) ~ '^-?[0-9]{1,18}$' then split_part(entry, '|', 5)::bigint else 0 end as credits_delta,
         reason
  from poison_entries cross join lateral regexp_replace(raw, '^v1[|]', '') as entry
)
select account_id, count(*), sum(credits_delta), min(reason), count(*) over ()
from aside
group by account_id
order by account_id
limit @limit;
