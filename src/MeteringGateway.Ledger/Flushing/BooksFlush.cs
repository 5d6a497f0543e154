using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Flushes the outbox of some accounts, so that a balance which is read next includes the last charge. Any number of callers at once.
/// </summary>
internal sealed class BooksFlush(Flusher flusher, PartitionMap partitions)
{
    /// <summary>False: a partition is being recovered, and its balances are not known now.</summary>
    public async Task<bool> FlushAsync(IEnumerable<long> accountIds, CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var partition in accountIds.Select(partitions.Of).Distinct())
        {
            all &= await flusher.DrainAsync(partition, cancellationToken);
        }

        return all;
    }
}
