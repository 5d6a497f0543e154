select epoch as Epoch, gen as Generation, run_id as RunId from partitions where partition = @partition
