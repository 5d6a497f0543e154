-- As usage-as-of.sql, over all accounts: those that are behind are few, and each is looked up by its next entry.
with behind as materialized (
  select a.id, coalesce(p.seq, 0) + 1 as next
  from accounts a
  left join usage_progress p on p.account_id = a.id
  where a.seq > coalesce(p.seq, 0)
)
select coalesce(
  (select min(e.recorded_at)
   from behind b
   cross join lateral (select recorded_at from ledger_entries where account_id = b.id and seq = b.next offset 0) e),
  statement_timestamp());
