select balance_after as BalanceAfter, credits_delta as Delta from ledger_entries where entry_id = @entryId
