update partitions set epoch = epoch + 1, run_id = null where partition = @partition returning epoch
