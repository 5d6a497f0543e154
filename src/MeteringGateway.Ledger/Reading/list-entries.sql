-- A page of the entries of all accounts, newest first by their time. Nothing has them in this order, and an index for it would slow every
-- flush down: the reader asks for what came since a moment, of which the BRIN index knows where it lies, and for more where that is no
-- page.
with page as (
  select entry_id, occurred_at, account_id, seq
  from ledger_entries
  where (@since is null or occurred_at >= @since)
    and (@entry_id is null or entry_id = @entry_id)
    and (@from is null or occurred_at >= @from)
    and (@to is null or occurred_at < @to)
    and (@key_id is null or key_id = @key_id)
    and (@surface is null or surface = @surface)
    and (@has_usage or entry_type <> 'usage')
    and (@any_type or entry_type = any(case when credits_delta < 0 then @debits else @credits end)
      or (case when credits_delta < 0 then @other_debits else @other_credits end and entry_type <> all(@known)))
  order by occurred_at desc, account_id desc, seq desc
  limit @limit offset @offset
)
select 0::bigint, e.entry_id, e.account_id, e.seq, e.credits_delta, e.balance_after, e.entry_type, e.key_id, e.surface, e.provider,
       e.description, e.metadata::text, e.occurred_at, e.recorded_at
from page p
join ledger_entries e on e.entry_id = p.entry_id
order by p.occurred_at desc, p.account_id desc, p.seq desc;
