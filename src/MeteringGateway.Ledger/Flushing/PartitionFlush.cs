namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// One partition's part in a flush: what was read from its outbox, and what became of it. A partition that is left out of the flush has
/// its result and takes no further part. One owner.
/// </summary>
/// <param name="partition">The partition.</param>
/// <param name="epoch">The epoch under which its entries may be written.</param>
/// <param name="most">How many entries to read at most.</param>
internal sealed class PartitionFlush(int partition, long epoch, int most)
{
    private FlushResult? _result;

    public int Partition { get; } = partition;
    public long Epoch { get; } = epoch;
    public int Most { get; } = most;

    /// <summary>The ledger's own, once it is locked; then that with which the entries are committed.</summary>
    public long WriteSequence { get; set; }
    public IReadOnlyList<string> Packed { get; private set; } = [];
    public EntryBatch Batch { get; private set; } = EntryBatch.Read([]);
    public FlushResult Result => _result ?? throw new InvalidOperationException($"Partition {Partition} is not flushed yet.");
    public bool TakesPart => _result is null;

    /// <summary>Nothing waited behind what was read.</summary>
    public bool IsWhole { get; private set; }

    public void LeaveOut(FlushOutcome outcome, Exception? failure = null) => _result = new FlushResult(outcome, Failure: failure);

    /// <summary>Reads the oldest entries. A Redis that does not answer leaves its own partition out, and no other.</summary>
    public async Task ReadAsync(IOutbox outbox, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> packed;
        try
        {
            packed = await outbox.ReadAsync(Partition, Most, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LeaveOut(FlushOutcome.Silent, e);
            return;
        }

        if (packed.Count == 0)
        {
            IsWhole = true;
            LeaveOut(FlushOutcome.Empty);
            return;
        }

        // A newer gateway can read an entry of an unknown format. This one stops before it, since the list's order is the chain's order.
        var waiting = packed.Count;
        packed = EntryBatch.Readable(packed);
        IsWhole = packed.Count == waiting && waiting < Most;
        if (packed.Count == 0)
        {
            LeaveOut(FlushOutcome.OtherFormat);
            return;
        }

        (Packed, Batch) = (packed, EntryBatch.Read(packed));
    }

    /// <summary>After the commit: trims the outbox, and says what was written.</summary>
    public async Task TrimAsync(IOutbox outbox, IReadOnlyDictionary<long, long> drift, CancellationToken cancellationToken)
    {
        var written = new FlushResult(
            FlushOutcome.Flushed, Packed.Count, Batch.Entries.Count, Batch.Duplicates.Count, Batch.Poison.Count, DriftOf(drift));
        try
        {
            await outbox.TrimAsync(Partition, Packed, Batch.Credits, WriteSequence, cancellationToken);
            _result = written;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _result = written with { Failure = e };
        }
    }

    private long DriftOf(IReadOnlyDictionary<long, long> drift)
    {
        Int128 sum = 0;
        foreach (var account in Batch.Entries.Select(e => e.Entry.AccountId).Distinct())
        {
            sum += Math.Abs(drift.GetValueOrDefault(account));
        }

        return (long)Int128.Min(sum, long.MaxValue);
    }
}
