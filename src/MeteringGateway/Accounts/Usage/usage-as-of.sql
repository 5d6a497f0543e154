-- What an account's sums contain: to the first entry that they do not, of the last one that there is.
select (select e.occurred_at from ledger_entries e where e.account_id = @account and e.seq = coalesce(p.seq, 0) + 1) as FirstUncounted,
       coalesce((select e.occurred_at from ledger_entries e where e.account_id = @account and e.seq = a.seq), a.created_at) as LastEntry,
       statement_timestamp() as ReadAt
from accounts a
left join usage_progress p on p.account_id = @account
where a.id = @account;
