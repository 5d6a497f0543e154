-- Added up from the movements, not read off the last one: what is asked is whether the books can say it on their own.
select a.id as AccountId, coalesce(sum(e.credits_delta), 0)::bigint as CreditBalance, count(e.entry_id) as Entries,
       max(e.seq) as LastSeq, (array_agg(e.entry_id order by e.seq desc))[1] as LastEntryId
from accounts a
left join ledger_entries e on e.account_id = a.id and e.occurred_at <= @at
where a.id = @accountId
group by a.id;
