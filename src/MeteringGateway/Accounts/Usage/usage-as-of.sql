-- Up to when all is counted: to the first entry that is not, and to this moment where there is none. Where the outbox could not be flushed,
-- charges may wait that came after the last entry.
select coalesce(
  (select recorded_at
   from ledger_entries
   where account_id = @account and seq = 1 + coalesce((select seq from usage_progress where account_id = @account), 0)),
  case when not @flushed then (select recorded_at from ledger_entries where account_id = @account order by seq desc limit 1) end,
  statement_timestamp());
