using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// What this gateway knows of each partition: the epoch it is served under, the high-water mark of its write sequence,
/// and the connection on which the server's run_id was last verified. Any number of callers at once.
/// </summary>
internal sealed class Partitions(PartitionMap map, PartitionEpochs epochs) : IDisposable
{
    private readonly long[] _served = new long[map.Count];
    private readonly long[] _writeSequences = new long[map.Count];
    private readonly long[] _recordsWholeFrom = new long[map.Count];
    private readonly bool[] _corrupt = new bool[map.Count];
    private bool _isSafe = true;
    private readonly SemaphoreSlim _check = new(0, 1);
    private readonly long[] _verifiedOn = [.. Enumerable.Repeat(-1L, map.Count)];

    public PartitionMap Map { get; } = map;

    /// <summary>
    /// False while Redis's maxmemory-policy or its append-only setting is unsafe: no new holds; commits and releases still run.
    /// </summary>
    public bool IsSafe { get => Volatile.Read(ref _isSafe); set => Volatile.Write(ref _isSafe, value); }

    /// <summary>The epoch (fencing token) to call scripts with; 0 while the partition must not be served.</summary>
    public long Epoch(int partition) => Interlocked.Read(ref _served[partition]);

    /// <summary>The highest epoch that the partition was served under here; 0 before the first.</summary>
    public long LastEpoch(int partition) => epochs.Of(partition);

    /// <summary>
    /// A timestamp of the gateway's clock from which on no idempotency record can be missing in Redis that the recovery before has lost.
    /// </summary>
    public long RecordsWholeFrom(int partition) => Interlocked.Read(ref _recordsWholeFrom[partition]);

    /// <summary>The high-water mark: the highest write sequence of the partition that this gateway has seen.</summary>
    public long WriteSequence(int partition) => Interlocked.Read(ref _writeSequences[partition]);

    /// <summary>The high-water mark under that epoch; 0 if the mark belongs to another epoch, for each epoch counts anew.</summary>
    public long WriteSequence(int partition, long epoch) =>
        epochs.Of(partition) == epoch ? WriteSequence(partition) : 0;

    /// <summary>Was the partition's Redis verified on this very connection? A newer connection may lead to another Redis.</summary>
    public bool IsVerifiedOn(int partition, long connectionNumber) => Interlocked.Read(ref _verifiedOn[partition]) == connectionNumber;

    /// <summary>May every partition be called, on this connection?</summary>
    public bool AreServed(long connectionNumber) => Unserved(connectionNumber) == 0;

    /// <summary>Partitions that can't be called on this connection: fenced, in doubt, in recovery, or not verified on it yet.</summary>
    public int Unserved(long connectionNumber)
    {
        var unserved = 0;
        for (var partition = 0; partition < _served.Length; partition++)
        {
            unserved += Epoch(partition) == 0 || !IsVerifiedOn(partition, connectionNumber) ? 1 : 0;
        }

        return unserved;
    }

    public void MarkVerifiedOn(int partition, long connectionNumber) =>
        Interlocked.Exchange(ref _verifiedOn[partition], connectionNumber);

    /// <summary>
    /// For recovery alone: serves the partition from now on, on that connection. A new epoch counts its write sequence anew.
    /// </summary>
    public void Open(int partition, long epoch, long writeSequence, long connectionNumber, long recordsWholeFrom = 0)
    {
        Interlocked.Exchange(ref _recordsWholeFrom[partition], recordsWholeFrom);
        if (epochs.Learn(partition, epoch))
        {
            Interlocked.Exchange(ref _writeSequences[partition], writeSequence);
        }

        MarkVerifiedOn(partition, connectionNumber);
        Interlocked.Exchange(ref _served[partition], epoch);
    }

    public void Close(int partition) => Interlocked.Exchange(ref _served[partition], 0);

    /// <summary>
    /// Fenced: PostgreSQL has another epoch than <paramref name="epoch"/>. The partition is closed if it is still served under that epoch,
    /// and the supervisor adopts or recovers it. (Redis may still carry the old epoch, if a gateway died between raising it and the fence.)
    /// </summary>
    public void Fence(int partition, long epoch)
    {
        Interlocked.CompareExchange(ref _served[partition], 0, epoch);
        RequestCheck();
    }

    /// <summary>Redis and the ledger differ here: the partition is closed, must not be adopted as it is, and is recovered.</summary>
    public void MarkCorrupt(int partition)
    {
        Volatile.Write(ref _corrupt[partition], true);
        Close(partition);
        RequestCheck();
    }

    public bool IsCorrupt(int partition) => Volatile.Read(ref _corrupt[partition]);

    public void ClearCorrupt(int partition) => Volatile.Write(ref _corrupt[partition], false);

    /// <summary>Raises the high-water mark, so that a Redis that comes back with an older state is refused.</summary>
    public void Observe(int partition, long epoch, long writeSequence)
    {
        var seen = Interlocked.Read(ref _writeSequences[partition]);
        while (writeSequence > seen && Epoch(partition) == epoch)
        {
            var was = Interlocked.CompareExchange(ref _writeSequences[partition], writeSequence, seen);
            if (was == seen)
            {
                return;
            }

            seen = was;
        }
    }

    /// <summary>Wakes the supervisor at once, before its next periodic look.</summary>
    public void RequestCheck()
    {
        try
        {
            if (_check.CurrentCount == 0)
            {
                _check.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another caller asked in the same instant.
        }
    }

    public void Dispose() => _check.Dispose();

    /// <summary>Waits until a caller requests a check, or for <paramref name="atMost"/>.</summary>
    public Task<bool> WaitForCheckAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        _check.WaitAsync(atMost, cancellationToken);
}
