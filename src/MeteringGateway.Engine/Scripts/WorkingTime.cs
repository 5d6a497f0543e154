namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// Counts the time in which this process could have taken an answer, and ends waits by it. Any number of callers at once.
/// A wall clock also counts the time in which our own threads were busy or the process stood still: an answer that had come long ago
/// would then read as a silent Redis, close partitions and cost calls. The ticks stand in the same queue of the thread pool as the answers
/// (timers by themselves pass it by), and one that comes late counts as at most <see cref="s_mostPerTick"/>. So when a wait ends, the pool
/// has taken its turns since the call was sent, and the answer was not among them.
/// </summary>
internal sealed class WorkingTime : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Two ticks: a timer is late by some milliseconds on any machine, and by more only where it had no thread to run on.
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
    /// <param name="queue">How a tick gets to its turn; the thread pool's queue unless a test runs it at once.</param>
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
    /// Cancelled when the deadline has gone by in working time, at most two ticks later. Shared by all waits that began in one tick,
    /// so a call needs no timer of its own.
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
                // No timer and no handle hangs on the source, and a late caller may still read its token: it is left to the collector.
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
