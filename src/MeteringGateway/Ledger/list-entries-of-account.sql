select count(*) from ledger_entries
where account_id = @account_id and (@type is null or entry_type = @type);

-- By number, not by time: the unique index has this order, and two entries may share a moment.
select entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description, metadata::text, occurred_at, recorded_at
from ledger_entries
where account_id = @account_id and (@type is null or entry_type = @type)
order by seq desc
limit @limit offset @offset;
