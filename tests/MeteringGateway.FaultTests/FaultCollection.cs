// Each test kills or freezes what it runs on, and two cores carry one such world at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
