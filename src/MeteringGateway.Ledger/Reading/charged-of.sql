-- Those of the calls whose charge is in the books.
select entry_id from ledger_entries where entry_id = any(@entryIds)
