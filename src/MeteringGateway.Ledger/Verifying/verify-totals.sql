select (select count(*) from accounts), (select count(*) from ledger_entries);
