-- The charge of a client's Idempotency-Key in the last day that was not taken back. By Redis's clock as the record is, whose life this is.
select e.entry_id as EntryId, -e.credits_delta as Credits, e.balance_after as Balance, e.idempotency_fingerprint as Fingerprint
from ledger_entries e
where e.account_id = @accountId and e.idempotency_hash = decode(@hash, 'hex') and e.occurred_at > now() - interval '1 day'
  and not exists (select from ledger_entries r where r.entry_id = 'reversal:' || e.entry_id)
order by e.seq desc
limit 1;
