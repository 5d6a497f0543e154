-- The charges of all accounts since the books were opened: what is beyond the sequence that each account had then. An account that is not
-- named did not exist, or had no entry yet.
select e.entry_id, -e.credits_delta
from ledger_entries e
left join unnest(@accounts::bigint[], @sequences::bigint[]) as opened (account_id, seq) on opened.account_id = e.account_id
where e.credits_delta < 0 and e.seq > coalesce(opened.seq, 0)
