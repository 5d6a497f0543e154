using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Flushes the outbox of some accounts, so that a balance which is read next includes the last charge. Any number of callers at once.
/// </summary>
internal sealed class BooksFlush(Flusher flusher, PartitionMap partitions, TimeProvider time)
{
    /// <summary>When the last flush of a partition for a reader began that brought all of it to the ledger; 0: none yet.</summary>
    private readonly long[] _began = new long[partitions.Count];

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

    /// <summary>
    /// For readers who come all the time, and for whom what was true a moment ago is good enough: flushes the account's outbox unless that
    /// was done within <paramref name="age"/>, for one of them or by the flusher.
    /// </summary>
    /// <returns>A timestamp: charges before it are in the ledger. Null: the partition is being recovered.</returns>
    public async Task<long?> FlushAsync(long accountId, TimeSpan age, CancellationToken cancellationToken)
    {
        var partition = partitions.Of(accountId);
        var before = Math.Max(Volatile.Read(ref _began[partition]), flusher.EmptiedSince(partition) ?? 0);
        if (before != 0 && time.GetElapsedTime(before) < age)
        {
            return before;
        }

        var began = time.GetTimestamp();
        if (!await flusher.DrainAsync(partition, cancellationToken))
        {
            return null;
        }

        Volatile.Write(ref _began[partition], began);
        return began;
    }
}
