select count(*) from ledger_entries where @type is null or entry_type = @type;

-- An operator's look over all accounts is rare, so it sorts; an index for it would slow every flush down.
select entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description, metadata::text, occurred_at, recorded_at
from ledger_entries
where @type is null or entry_type = @type
order by recorded_at desc, account_id desc, seq desc
limit @limit offset @offset;
