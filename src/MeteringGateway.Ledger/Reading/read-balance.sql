select credit_balance from accounts where id = @account_id;
