-- Found once, by the index that fits the filter (entry_id; account and time; key; account, but for charges of calls), then counted and
-- shown by number. A filter that is absent is a null, which PostgreSQL's planner takes out of the statement. Materialised, for a planner
-- that sees the page's limit would rather walk the account from its end and look at each entry. At most @most are found and counted, null:
-- all; the newest, for the page is one of them. One row without an entry where the page is empty.
with found as materialized (
  select entry_id, seq
  from ledger_entries
  where account_id = @account_id
    and (@entry_id is null or entry_id = @entry_id)
    and (@from is null or occurred_at >= @from)
    and (@to is null or occurred_at < @to)
    and (@key_id is null or key_id = @key_id)
    and (@surface is null or surface = @surface)
    and (@has_usage or entry_type <> 'usage')
    and (@any_type or entry_type = any(case when credits_delta < 0 then @debits else @credits end)
      or (case when credits_delta < 0 then @other_debits else @other_credits end and entry_type <> all(@known)))
  order by seq desc
  limit @most
), page as (
  select entry_id from found order by seq desc limit @limit offset @offset
)
select t.total, e.entry_id, e.account_id, e.seq, e.credits_delta, e.balance_after, e.entry_type, e.key_id, e.surface, e.provider,
       e.description, e.metadata::text, e.occurred_at, e.recorded_at
from (select count(*) as total from found) t
left join page p on true
left join ledger_entries e on e.entry_id = p.entry_id
order by e.seq desc;
