update partitions set gen = @gen where partition = @partition and gen < @gen;
