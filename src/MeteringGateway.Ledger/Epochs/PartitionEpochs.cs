using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Epochs;

/// <summary>
/// The epoch under which this gateway believes each partition to live: the one place in the process that keeps it.
/// Epochs come from PostgreSQL, never from Redis, and only rise. Any number of callers at once.
/// </summary>
internal sealed class PartitionEpochs(PartitionMap partitions)
{
    private readonly long[] _epochs = new long[partitions.Count];

    public long Of(int partition) => Volatile.Read(ref _epochs[partition]);

    /// <summary>
    /// For recovery alone, which has checked that Redis carries the epoch. The flusher only reads: if it taught itself the newest epoch,
    /// it could write what an abandoned Redis still holds. True if the epoch is newer than the one that was known.
    /// </summary>
    public bool Learn(int partition, long epoch)
    {
        long known;
        do
        {
            known = Of(partition);
            if (known >= epoch)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _epochs[partition], epoch, known) != known);
        return true;
    }
}
