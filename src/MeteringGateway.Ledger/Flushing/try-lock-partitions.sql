-- As lock-partition.sql for many partitions at once, of which those that are free are taken. It never waits: a partition that another
-- gateway, a drain or a recovery has is left to them. So two flushers that want the same partitions in any order can't deadlock, and the
-- one wait of a flush of many partitions is for rows that nobody reads or writes without the partition.
select set_config('idle_in_transaction_session_timeout', '3000', true),
       set_config('lock_timeout', '10000', true);

-- Ascending. The row lock reads the row as it is when it is locked, so the epoch is that of now, whenever the advisory lock was taken.
with free as materialized (
  select partition from unnest(@partitions) as p (partition) where pg_try_advisory_xact_lock(28008, partition)
)
select p.partition, p.epoch, p.gen
from free f
join partitions p on p.partition = f.partition
order by p.partition
for no key update of p skip locked;
