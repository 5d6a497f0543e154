namespace MeteringGateway.Calls.Idempotency;

/// <summary>
/// Bounds the repeats of an account that a gateway answers at once: each reads up to 256 KiB over the one connection to Redis, and keeps
/// them until its client has read them. The others wait for their turn. Any number of callers at once.
/// </summary>
internal sealed class ReplayTurns
{
    /// <summary>Two megabytes of an account's answers at a time.</summary>
    public const int AtOnce = 8;

    /// <summary>With those that wait; more than a client that repeats has under way.</summary>
    public const int Most = 256;

    private readonly Dictionary<long, Line> _lines = [];
    private readonly Lock _lock = new();

    /// <summary>Null: too many wait already. The turn ends when it is disposed.</summary>
    /// <exception cref="OperationCanceledException">The client has left before its turn came.</exception>
    public async ValueTask<IDisposable?> WaitAsync(long accountId, CancellationToken cancellationToken)
    {
        Line? line;
        lock (_lock)
        {
            if (!_lines.TryGetValue(accountId, out line))
            {
                _lines.Add(accountId, line = new Line(this, accountId));
            }

            if (line.Count == Most)
            {
                return null;
            }

            line.Count++;
        }

        var isIn = false;
        try
        {
            await line.Free.WaitAsync(cancellationToken);
            isIn = true;
            return line;
        }
        finally
        {
            if (!isIn)
            {
                Leave(line);
            }
        }
    }

    private void Leave(Line line)
    {
        lock (_lock)
        {
            if (--line.Count == 0)
            {
                _lines.Remove(line.AccountId);
            }
        }
    }

    /// <summary>The repeats of one account; each disposal ends one turn.</summary>
    private sealed class Line(ReplayTurns owner, long accountId) : IDisposable
    {
        public long AccountId => accountId;

        /// <summary>Has no handle to dispose of, for nobody waits on one.</summary>
        public SemaphoreSlim Free { get; } = new(AtOnce);

        public int Count { get; set; }

        public void Dispose()
        {
            Free.Release();
            owner.Leave(this);
        }
    }
}
