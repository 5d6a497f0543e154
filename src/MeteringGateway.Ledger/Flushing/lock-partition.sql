-- A flusher that is frozen in mid-transaction (a paused machine) must not hold its partition's lock for ever,
-- and a flusher that waits for a frozen one gives up and tries again.
select set_config('idle_in_transaction_session_timeout', '3000', true),
       set_config('lock_timeout', '10000', true);

-- Flushers of one partition go one after the other. Lock order everywhere: partition, then accounts by id, then spend rows by key.
-- A transaction waits for a partition only here, as its first lock, and takes no other partition afterwards.
-- 0x6d68 is the class of these locks.
select pg_advisory_xact_lock(28008, partition) from unnest(@partitions) as p (partition);

-- Held to the end of the transaction, so that recovery can raise the epoch only before or after this flush, never during it.
-- Not "for share": the generation of this very row is raised below, and an upgrade of a shared lock can deadlock.
select partition, epoch, gen from partitions where partition = any(@partitions) order by partition for no key update;
