select partition, epoch from partitions order by partition;
