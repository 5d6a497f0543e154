select partition as Partition, epoch as Epoch, gen as WriteSequence
from partitions
order by partition
