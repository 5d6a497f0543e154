update partitions
set epoch = greatest(epoch, @floor) + 1, run_id = null, epoch_began_at = clock_timestamp()
where partition = @partition
returning epoch
