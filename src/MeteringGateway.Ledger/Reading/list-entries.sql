-- An operator's look over all accounts is rare, so it counts and sorts; an index for its order would slow every flush down. A filter by
-- time reads the part of the table that was written then, one by entry or key its index. One row without an entry where the page is empty.
with page as (
  select entry_id, recorded_at, account_id, seq
  from ledger_entries
  where (@entry_id is null or entry_id = @entry_id)
    and (@from is null or occurred_at >= @from)
    and (@to is null or occurred_at < @to)
    and (@key_id is null or key_id = @key_id)
    and (@surface is null or surface = @surface)
    and (@has_usage or entry_type <> 'usage')
    and (@any_type or entry_type = any(case when credits_delta < 0 then @debits else @credits end)
      or (case when credits_delta < 0 then @other_debits else @other_credits end and entry_type <> all(@known)))
  order by recorded_at desc, account_id desc, seq desc
  limit @limit offset @offset
), counted as (
  select count(*) as total
  from ledger_entries
  where (@entry_id is null or entry_id = @entry_id)
    and (@from is null or occurred_at >= @from)
    and (@to is null or occurred_at < @to)
    and (@key_id is null or key_id = @key_id)
    and (@surface is null or surface = @surface)
    and (@has_usage or entry_type <> 'usage')
    and (@any_type or entry_type = any(case when credits_delta < 0 then @debits else @credits end)
      or (case when credits_delta < 0 then @other_debits else @other_credits end and entry_type <> all(@known)))
)
select c.total, e.entry_id, e.account_id, e.seq, e.credits_delta, e.balance_after, e.entry_type, e.key_id, e.surface, e.provider,
       e.description, e.metadata::text, e.occurred_at, e.recorded_at
from counted c
left join page p on true
left join ledger_entries e on e.entry_id = p.entry_id
order by p.recorded_at desc, p.account_id desc, p.seq desc;
