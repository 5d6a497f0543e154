using System.Collections.Concurrent;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// The deadlines of attempts, which are used again with their timers: nearly every attempt ends long before its deadline. Any number of
/// callers at once.
/// </summary>
internal sealed class AttemptDeadlines(TimeProvider time)
{
    /// <summary>As many attempts at once as a gateway has in a busy second; what is beyond is the collector's.</summary>
    private const int Most = 1024;

    private readonly ConcurrentQueue<CancellationTokenSource> _free = new();

    public CancellationTokenSource Begin(TimeSpan limit)
    {
        if (!_free.TryDequeue(out var deadline))
        {
            return new CancellationTokenSource(limit, time);
        }

        deadline.CancelAfter(limit);
        return deadline;
    }

    /// <summary>The attempt is over, and nothing of it looks at the token any more. A deadline that has passed is not used again.</summary>
    public void End(CancellationTokenSource deadline)
    {
        // The timer is stopped first: a source whose timer is another clock's resets with it running.
        if (_free.Count < Most && !deadline.IsCancellationRequested)
        {
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        }

        if (_free.Count < Most && deadline.TryReset())
        {
            _free.Enqueue(deadline);
        }
        else
        {
            deadline.Dispose();
        }
    }
}
