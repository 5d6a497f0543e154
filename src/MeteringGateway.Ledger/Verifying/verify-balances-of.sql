select id, credit_balance from accounts where id = any(@account_ids);
