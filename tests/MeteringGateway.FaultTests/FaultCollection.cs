// Each class has a world of its own, and most of its time it waits: for a deadline, a recovery, a process that ends. Two at once leave two
// processors enough to spare that no wait runs out; more would meet the patience of clients, which is a fault of another kind.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
