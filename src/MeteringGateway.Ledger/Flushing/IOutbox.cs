namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// What the flusher needs of the outbox: the boundary to Redis, so that the ledger can be tested against a Redis that forgets,
/// cuts and repeats.
/// </summary>
internal interface IOutbox
{
    int Partitions { get; }

    /// <summary>How many entries wait in the partition.</summary>
    Task<long> LengthAsync(int partition, CancellationToken cancellationToken);

    /// <summary>The oldest <paramref name="count"/> packed entries, left where they are.</summary>
    Task<IReadOnlyList<string>> ReadAsync(int partition, int count, CancellationToken cancellationToken);

    /// <summary>Drops <paramref name="written"/> if the head is still the first of them.</summary>
    Task TrimAsync(
        int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds,
        CancellationToken cancellationToken);

    /// <summary>The highest generation this gateway has seen of the partition.</summary>
    long WriteSequence(int partition);
}
