namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// The flusher's view of the outbox: the boundary to Redis, so that tests can give the ledger a Redis that forgets, cuts and repeats.
/// </summary>
internal interface IOutbox
{
    int Partitions { get; }

    /// <summary>The number of entries that wait in the partition.</summary>
    Task<long> LengthAsync(int partition, CancellationToken cancellationToken);

    /// <summary>The oldest <paramref name="count"/> packed entries, left where they are.</summary>
    Task<IReadOnlyList<string>> ReadAsync(int partition, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the <paramref name="written"/> entries if the list still begins with them, and remembers that the ledger has the partition up
    /// to <paramref name="writeSequence"/>.
    /// </summary>
    Task TrimAsync(
        int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds, long writeSequence,
        CancellationToken cancellationToken);

    /// <summary>The high-water mark: the highest write sequence of the partition that this gateway has seen.</summary>
    long WriteSequence(int partition);
}
