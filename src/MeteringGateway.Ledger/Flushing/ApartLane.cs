namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Partitions that would hold up the others: each is flushed alone, beside the looks, until a flush of it has gone well. One owner, which
/// calls between its looks.
/// </summary>
/// <param name="flush">Flushes a batch of a partition, waiting for what it has to; false: it has to be tried again.</param>
internal sealed class ApartLane(Func<int, CancellationToken, Task<bool>> flush)
{
    /// <summary>Each may wait ten seconds for a lock with a connection of the pool, which has others to serve.</summary>
    private const int AtOnce = 2;

    private readonly Dictionary<int, Task<bool>> _running = [];
    private readonly Queue<int> _waiting = [];

    public bool IsEmpty => _running.Count + _waiting.Count == 0;

    public bool Has(int partition) => _running.ContainsKey(partition) || _waiting.Contains(partition);

    public void Add(int partition)
    {
        if (!Has(partition))
        {
            _waiting.Enqueue(partition);
        }
    }

    /// <summary>Lets go of the partitions that are flushed, and begins with those that wait; none of them is waited for.</summary>
    public void Advance(CancellationToken cancellationToken)
    {
        foreach (var (partition, run) in _running.Where(run => run.Value.IsCompleted).ToList())
        {
            _running.Remove(partition);
            if (!run.IsCompletedSuccessfully || !run.Result)
            {
                _waiting.Enqueue(partition);
            }
        }

        while (_running.Count < AtOnce && _waiting.TryDequeue(out var next))
        {
            _running.Add(next, flush(next, cancellationToken));
        }
    }

    /// <summary>Waits for what is under way.</summary>
    public Task EndAsync() => Task.WhenAll(_running.Values);
}
