namespace MeteringGateway.Http.Bounds;

/// <summary>
/// Lets each subject try a number of times, then as often as attempts come back (a leaky bucket kept as one moment per subject).
/// Two generations of subjects bound the memory: a subject that is pushed out starts afresh, which costs an attacker more attempts under
/// other subjects than it gains. Each gateway counts for itself. Any number of callers at once.
/// </summary>
internal sealed class AttemptThrottle(int attempts, TimeSpan window, int capacity, TimeProvider time)
{
    private readonly TimeSpan _each = window / attempts;
    private readonly Lock _lock = new();
    private Dictionary<string, DateTimeOffset> _young = [];
    private Dictionary<string, DateTimeOffset> _old = [];

    /// <summary>
    /// Takes one attempt before it is known how it ends, so that many at once can't pass together. Null: go on; else how long to wait.
    /// </summary>
    public TimeSpan? Take(string subject)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var emptyAt = EmptyAt(subject, now) + _each;
            var wait = emptyAt - now - (_each * attempts);
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            Keep(subject, emptyAt);
            return null;
        }
    }

    /// <summary>Gives one attempt back: it was none.</summary>
    public void Return(string subject)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(subject, out var at) || _old.TryGetValue(subject, out at))
            {
                Keep(subject, at - _each);
            }
        }
    }

    /// <summary>What <see cref="Take"/> would say now; takes nothing.</summary>
    public TimeSpan? Look(string subject)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var wait = EmptyAt(subject, now) + _each - now - (_each * attempts);
            return wait > TimeSpan.Zero ? wait : null;
        }
    }

    /// <summary>Gives back what a subject has used: it has shown that it knows the secret.</summary>
    public void Forget(string subject)
    {
        lock (_lock)
        {
            _young.Remove(subject);
            _old.Remove(subject);
        }
    }

    private DateTimeOffset EmptyAt(string subject, DateTimeOffset now) =>
        (_young.TryGetValue(subject, out var at) || _old.TryGetValue(subject, out at)) && at > now ? at : now;

    private void Keep(string subject, DateTimeOffset emptyAt)
    {
        if (_young.Count >= capacity / 2 && !_young.ContainsKey(subject))
        {
            _old = _young;
            _young = [];
        }

        _young[subject] = emptyAt;
    }
}
