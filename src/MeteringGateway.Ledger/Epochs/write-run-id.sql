update partitions set run_id = @runId where partition = @partition
