-- A watcher that is frozen must not keep the others from looking, and one that waits for a frozen flush tries again later.
set local idle_in_transaction_session_timeout = 3000;
set local lock_timeout = 10000;

-- One watcher at a time over all gateways: two that look at the same rows would only wait for each other. 0x6d69 is the class of this lock.
select pg_try_advisory_xact_lock(28009, 0);

select id from notice_queue order by id limit @limit;
