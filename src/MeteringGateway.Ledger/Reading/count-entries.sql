-- How many entries of all accounts a filter finds, at most @most; null: all.
select count(*)
from (
  select
  from ledger_entries
  where (@entry_id is null or entry_id = @entry_id)
    and (@from is null or occurred_at >= @from)
    and (@to is null or occurred_at < @to)
    and (@key_id is null or key_id = @key_id)
    and (@surface is null or surface = @surface)
    and (@has_usage or entry_type <> 'usage')
    and (@any_type or entry_type = any(case when credits_delta < 0 then @debits else @credits end)
      or (case when credits_delta < 0 then @other_debits else @other_credits end and entry_type <> all(@known)))
  limit @most
) found;
