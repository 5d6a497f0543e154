namespace MeteringGateway.Credits;

/// <summary>The queue of movements that Redis has made and the ledger has not written yet, one list a partition. Any number of callers at once.</summary>
internal sealed class Outbox
{
    /// <summary>How many entries wait in each partition, in one round trip.</summary>
    public Task<long[]> LengthsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> LengthAsync(int partition, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The oldest <paramref name="count"/> packed entries, left where they are.</summary>
    public Task<IReadOnlyList<string>> ReadAsync(int partition, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>
    /// Drops the entries that the ledger now has, if the head is still the first of them: another flusher may have been faster.
    /// The markers of money in (<paramref name="creditEntryIds"/>) start to expire.
    /// </summary>
    public Task TrimAsync(int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The highest generation this gateway has seen of the partition.</summary>
    public long Generation(int partition) => throw new NotSupportedException();
}
