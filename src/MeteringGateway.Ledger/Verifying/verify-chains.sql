-- Compares every entry with the entry before it. Numeric, because the ledger under suspicion may hold any number.
with walked as (
  select account_id, seq, credits_delta, balance_after,
         lag(seq, 1, 0::bigint) over account as previous_seq,
         balance_after::numeric - lag(balance_after, 1, 0::bigint) over account - credits_delta as difference
  from ledger_entries
  window account as (partition by account_id order by seq)
)
select account_id, seq, previous_seq, credits_delta, balance_after, least(abs(difference), 9223372036854775807)::bigint,
       count(*) over (), least(sum(abs(difference)) over (), 9223372036854775807)::bigint
from walked
where difference <> 0 or seq <> previous_seq + 1
order by account_id, seq
limit @limit;
