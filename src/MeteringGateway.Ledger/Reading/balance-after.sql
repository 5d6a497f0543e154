select balance_after from ledger_entries where entry_id = @entryId
