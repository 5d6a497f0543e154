-- Added up from the movements, not read off the last one: the question is whether the entries alone can say the balance.
-- occurred_at is Redis's clock, which may go back: an instant means all up to the last entry that had occurred by then, for a sum that
-- leaves an entry out in between is a balance that never was. Without an instant all entries count, by nobody's clock.
select a.id as AccountId, coalesce(sum(e.credits_delta), 0)::bigint as CreditBalance, count(e.entry_id) as Entries,
       max(e.seq) as LastSeq, (array_agg(e.entry_id order by e.seq desc))[1] as LastEntryId
from accounts a
left join ledger_entries e on e.account_id = a.id
  and (@at::timestamptz is null or e.seq <= (select max(seq) from ledger_entries where account_id = @accountId and occurred_at <= @at))
where a.id = @accountId
group by a.id;
