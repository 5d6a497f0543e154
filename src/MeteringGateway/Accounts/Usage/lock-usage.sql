-- For one account that somebody looks at: its turn is waited for, since another gateway may be about to end it.
set local lock_timeout = 1000;
select seq from usage_progress where account_id = @account for update;
