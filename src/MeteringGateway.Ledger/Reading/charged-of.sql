-- The calls among these whose charge the ledger has.
select entry_id from ledger_entries where entry_id = any(@entryIds)
