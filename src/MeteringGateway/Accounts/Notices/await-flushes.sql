-- Waits for the flushes that may not have seen a key's changed limit, and so have queued nothing for it: each has its accounts locked, and
-- a flush that locks them later sees the limit. Only the wait matters: the locks are given back at once, or a watcher that is frozen would
-- stop the flushes. A changed budget or mark needs none of this, for it changes the account's own row. In the flushers' order of locks.
savepoint before_wait;
select id from accounts
where id in (select account_id from notice_queue where id = any(@ids) and cause = 'key')
order by id
for no key update;
rollback to savepoint before_wait;
