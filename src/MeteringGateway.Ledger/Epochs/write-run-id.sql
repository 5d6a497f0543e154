update partitions set run_id = @runId, gen = greatest(gen, @writeSequence) where partition = @partition
