namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// Counts the time in which this process could have handled an answer, and ends waits by it. Any number of callers at once.
/// Rejected: a wall clock, which also counts the time in which this process's threads were busy or stopped. An answer that arrived long ago
/// would then look like a silent Redis, close partitions and cost calls. The ticks run through the same thread-pool queue as the answers
/// (a timer alone bypasses the queue), and a late tick counts as at most <see cref="s_mostPerTick"/>. So when a wait ends, the pool has
/// worked off its queue since the send, and the answer was not in it.
/// </summary>
internal sealed class WorkingTime : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Two ticks: any timer is late by some milliseconds; a timer that is later had no thread to run on.
    /// </summary>
    private static readonly TimeSpan s_mostPerTick = 2 * s_tick;

    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly Lock _gate = new();
    private readonly Queue<(CancellationTokenSource Wait, TimeSpan Since)> _waiting = new();
    private readonly Action<Action> _queue;
    private readonly Action _tick;
    private readonly ITimer _timer;
    private int _isQueued;
    private volatile CancellationTokenSource? _current;
    private long _lastTick;
    private long _worked;

    /// <param name="time">The clock whose ticks are counted.</param>
    /// <param name="deadline">How much working time a wait may take.</param>
    /// <param name="queue">Queues a tick: the thread pool, unless a test runs ticks at once.</param>
    public WorkingTime(TimeProvider time, TimeSpan deadline, Action<Action>? queue = null)
    {
        _time = time;
        _deadline = deadline;
        _queue = queue ?? (static tick => ThreadPool.UnsafeQueueUserWorkItem(static run => run(), tick, preferLocal: false));
        _tick = Tick;
        _lastTick = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((WorkingTime)self!).Queue(), this, s_tick, s_tick);
    }

    /// <summary>Working time since the construction.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _worked));

    /// <summary>
    /// Cancelled after the deadline in working time, at most two ticks late. All waits that begin within one tick share one token, so a
    /// call needs no timer of its own.
    /// </summary>
    public CancellationToken Deadline
    {
        get
        {
            if (_current is { } current)
            {
                return current.Token;
            }

            lock (_gate)
            {
                // The source is never disposed: it has no timer and no handle, and a late caller may still read its token.
                _current ??= Begin();
                return _current.Token;
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Queue()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
        {
            _queue(_tick);
        }
    }

    private void Tick()
    {
        Volatile.Write(ref _isQueued, 0);
        var due = new List<CancellationTokenSource>();
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var late = _time.GetElapsedTime(_lastTick, now);
            _lastTick = now;
            Interlocked.Add(ref _worked, (late < s_mostPerTick ? late : s_mostPerTick).Ticks);
            while (_waiting.TryPeek(out var oldest) && Elapsed - oldest.Since >= _deadline)
            {
                due.Add(_waiting.Dequeue().Wait);
            }

            _current = null;
        }

        foreach (var wait in due)
        {
            wait.Cancel();
        }
    }

    private CancellationTokenSource Begin()
    {
        var wait = new CancellationTokenSource();
        _waiting.Enqueue((wait, Elapsed));
        return wait;
    }
}
