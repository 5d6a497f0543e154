-- As lock-accounts.sql, without those that another transaction has locked: a flush of many partitions waits for no account.
select id, seq, credit_balance from accounts where id = any(@account_ids) order by id for no key update skip locked;
