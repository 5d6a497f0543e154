-- What a ledger is filtered by. The three in use with every charge grow at their right edge, so an entry costs them little; the last one
-- has no charges of calls and so costs those nothing.
create index ledger_entries_by_time on ledger_entries (account_id, occurred_at);
create index ledger_entries_by_key on ledger_entries (key_id, seq) where key_id is not null;
create index ledger_entries_but_usage on ledger_entries (account_id, seq) where entry_type <> 'usage';

-- Over all accounts: entries lie in the order in which they were written, so a few bytes for each stretch of the table are enough.
create index ledger_entries_over_time on ledger_entries using brin (occurred_at) with (autosummarize = on);
