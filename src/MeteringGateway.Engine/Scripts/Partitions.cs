using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// What this gateway knows of each partition: the epoch it may be served under, the highest generation it has seen,
/// and on which connection the Redis behind it was proven to be the one it belongs to. Any number of callers at once.
/// </summary>
internal sealed class Partitions(PartitionMap map) : IDisposable
{
    private readonly long[] _epochs = new long[map.Count];
    private readonly long[] _generations = new long[map.Count];
    private readonly bool[] _suspects = new bool[map.Count];
    private bool _isSafe = true;
    private readonly SemaphoreSlim _doubt = new(0, 1);
    private readonly long[] _seenUnder = new long[map.Count];
    private readonly long[] _provenOn = [.. Enumerable.Repeat(-1L, map.Count)];

    public PartitionMap Map { get; } = map;

    /// <summary>May new holds be made? Not in a Redis that was told to evict keys, or to keep no file, while it runs.</summary>
    public bool IsSafe { get => Volatile.Read(ref _isSafe); set => Volatile.Write(ref _isSafe, value); }

    /// <summary>The epoch to call scripts with; 0 while the partition must not be served.</summary>
    public long Epoch(int partition) => Interlocked.Read(ref _epochs[partition]);

    public long Generation(int partition) => Interlocked.Read(ref _generations[partition]);

    /// <summary>The highest generation seen under that epoch; an older one's says nothing about it.</summary>
    public long Generation(int partition, long epoch) => Interlocked.Read(ref _seenUnder[partition]) == epoch ? Generation(partition) : 0;

    /// <summary>Is the connection still the one on which the partition was proven? Behind a new one there may be another Redis.</summary>
    public bool IsProven(int partition, long connectionGeneration) => Interlocked.Read(ref _provenOn[partition]) == connectionGeneration;

    /// <summary>May every partition be called, on this connection?</summary>
    public bool AreServed(long connectionGeneration)
    {
        for (var partition = 0; partition < _epochs.Length; partition++)
        {
            if (Epoch(partition) == 0 || !IsProven(partition, connectionGeneration))
            {
                return false;
            }
        }

        return true;
    }

    public void Prove(int partition, long connectionGeneration) => Interlocked.Exchange(ref _provenOn[partition], connectionGeneration);

    /// <summary>Serves the partition from now on, on that connection. A new epoch starts its own count of generations.</summary>
    public void Open(int partition, long epoch, long generation, long connectionGeneration)
    {
        if (Interlocked.Exchange(ref _seenUnder[partition], epoch) != epoch)
        {
            Interlocked.Exchange(ref _generations[partition], generation);
        }

        Prove(partition, connectionGeneration);
        Interlocked.Exchange(ref _epochs[partition], epoch);
    }

    public void Close(int partition) => Interlocked.Exchange(ref _epochs[partition], 0);

    /// <summary>
    /// The ledger has another epoch than the one that is served here. Redis may still have the old one, where a gateway died between
    /// raising it and the fence: so the partition is closed, and the next look adopts or recovers it.
    /// One that has moved on already stays open.
    /// </summary>
    public void Outdated(int partition, long epoch)
    {
        Interlocked.CompareExchange(ref _epochs[partition], 0, epoch);
        Doubt();
    }

    /// <summary>The ledger and this partition differ: it is not to be adopted as it is, but recovered.</summary>
    public void Suspect(int partition)
    {
        Volatile.Write(ref _suspects[partition], true);
        Close(partition);
        Doubt();
    }

    public bool IsSuspect(int partition) => Volatile.Read(ref _suspects[partition]);

    public void Clear(int partition) => Volatile.Write(ref _suspects[partition], false);

    /// <summary>Remembers the highest generation, so that a Redis that comes back older is refused.</summary>
    public void Saw(int partition, long epoch, long generation)
    {
        var seen = Interlocked.Read(ref _generations[partition]);
        while (generation > seen && Epoch(partition) == epoch)
        {
            var was = Interlocked.CompareExchange(ref _generations[partition], generation, seen);
            if (was == seen)
            {
                return;
            }

            seen = was;
        }
    }

    /// <summary>Asks recovery to look at once instead of at its next turn.</summary>
    public void Doubt()
    {
        try
        {
            if (_doubt.CurrentCount == 0)
            {
                _doubt.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Somebody else asked in the same instant.
        }
    }

    public void Dispose() => _doubt.Dispose();

    /// <summary>Waits until somebody doubts, or for <paramref name="atMost"/>.</summary>
    public Task<bool> WaitForDoubtAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        _doubt.WaitAsync(atMost, cancellationToken);
}
