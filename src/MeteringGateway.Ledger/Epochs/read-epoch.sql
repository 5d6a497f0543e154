select epoch as Epoch, gen as WriteSequence, run_id as RunId,
       extract(epoch from clock_timestamp() - epoch_began_at)::float8 as Age
from partitions where partition = @partition
