using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Epochs;

/// <summary>
/// The epoch under which this gateway believes each partition to live. Epochs come from PostgreSQL, never from Redis, and only rise.
/// Who learns a new one has checked that Redis carries it: that is recovery, at the start too. The flusher only asks, for one that
/// helped itself to the newest epoch could write what an abandoned Redis still holds. Any number of callers at once.
/// </summary>
internal sealed class PartitionEpochs(PartitionMap partitions)
{
    private readonly long[] _epochs = new long[partitions.Count];

    public long Of(int partition) => Volatile.Read(ref _epochs[partition]);

    public void Learn(int partition, long epoch)
    {
        long known;
        do
        {
            known = Of(partition);
        }
        while (known < epoch && Interlocked.CompareExchange(ref _epochs[partition], epoch, known) != known);
    }
}
