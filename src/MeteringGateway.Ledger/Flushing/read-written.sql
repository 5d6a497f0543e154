select entry_id, account_id, credits_delta from ledger_entries where entry_id = any(@entry_ids);
