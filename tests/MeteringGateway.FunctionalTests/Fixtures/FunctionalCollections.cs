// Most classes start gateways and wait for them, so a third one at work uses what two leave idle of two processors.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
