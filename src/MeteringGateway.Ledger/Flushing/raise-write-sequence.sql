update partitions p set gen = w.gen
from unnest(@partitions, @gens) as w (partition, gen)
where p.partition = w.partition and p.gen < w.gen;
