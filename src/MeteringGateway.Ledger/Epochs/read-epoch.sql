select epoch as Epoch, gen as WriteSequence, run_id as RunId from partitions where partition = @partition
