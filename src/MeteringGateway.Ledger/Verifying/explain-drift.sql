-- Poison messages of an account: movements that Redis has made and the ledger will not have until an operator decides.
-- The packed form is occurred|epoch|account|key|delta|…, or the same after its number, v1|; what is not even that belongs to nobody.
select count(*), coalesce(sum(case when split_part(entry, '|', 5) ~ '^-?[0-9]{1,18}$' then split_part(entry, '|', 5)::bigint end),
  0)::bigint
from poison_entries cross join lateral regexp_replace(raw, '^v1[|]', '') as entry
where partition = @partition and split_part(entry, '|', 3) = @account;
