-- As usage-as-of.sql, over all accounts: those that are behind are few, and each is looked up by its next entry.
select coalesce(
  (select min(e.recorded_at)
   from accounts a
   left join usage_progress p on p.account_id = a.id
   join ledger_entries e on e.account_id = a.id and e.seq = 1 + coalesce(p.seq, 0)
   where a.seq > coalesce(p.seq, 0)),
  statement_timestamp());
