-- All of an account's entries run from 1 without a gap, so their number is the last one's and a page is a range of numbers: nothing is
-- counted and nothing is skipped, however many there are.
with head as (
  select coalesce(max(seq), 0)::bigint as total from ledger_entries where account_id = @account_id
)
select h.total, e.entry_id, e.account_id, e.seq, e.credits_delta, e.balance_after, e.entry_type, e.key_id, e.surface, e.provider,
       e.description, e.metadata::text, e.occurred_at, e.recorded_at
from head h
left join ledger_entries e on e.account_id = @account_id and e.seq <= h.total - @offset and e.seq > h.total - @offset - @limit
order by e.seq desc;
