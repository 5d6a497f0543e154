using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Calls.Providers.Health;

/// <summary>From the best to the worst, and the numbers that the metric shows.</summary>
internal enum CircuitState
{
    /// <summary>Calls may go to it.</summary>
    Closed,

    /// <summary>Out for long enough: the next call may try it.</summary>
    Due,

    /// <summary>Out: left alone while another provider is left.</summary>
    Open,
}

internal static class CircuitStates
{
    /// <summary>The usual words for the states of a circuit breaker.</summary>
    public static string Name(this CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.Due => "half_open",
        CircuitState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}

/// <summary>What an attempt says about the destination that it went to.</summary>
internal enum Verdict
{
    Good,
    Bad,

    /// <summary>Nothing: its client left, or a bound of the gateway's own ended it.</summary>
    None,
}

/// <summary>The health of one destination of a provider, by how the calls to it ended. Any number of callers at once.</summary>
internal sealed class DestinationCircuit(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long At, bool Failed)> _recent = new();
    private readonly Dictionary<AttemptOutcome, long> _outcomes = [];
    private int _failedRecently;
    private int _inARow;
    private long? _openedAt;
    private TimeSpan _openFor;
    private bool _probed;

    /// <summary>The address that this is the health of: a destination that moves starts anew.</summary>
    public required string Address { get; init; }

    /// <summary>Why it is out, for people.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How the last attempt ended that failed by its fault, and when; null: none has.</summary>
    public (string Words, DateTimeOffset At)? LastError { get; private set; }

    /// <summary>The attempts since this destination was first called, by how they ended.</summary>
    public IReadOnlyDictionary<AttemptOutcome, long> Outcomes
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<AttemptOutcome, long>(_outcomes);
            }
        }
    }

    /// <summary>An attempt that it has to answer for has ended so.</summary>
    public void Count(AttemptOutcome outcome, string words)
    {
        lock (_gate)
        {
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
            if (outcome is not (AttemptOutcome.Success or AttemptOutcome.Rejected))
            {
                LastError = (words, time.GetUtcNow());
            }
        }
    }

    public CircuitState State
    {
        get
        {
            lock (_gate)
            {
                return Now();
            }
        }
    }

    /// <summary>
    /// True for one caller at a time, once the destination is due: the call that finds out whether it is back.
    /// Must be followed by <see cref="Report"/>.
    /// </summary>
    public bool TryProbe()
    {
        lock (_gate)
        {
            return Now() == CircuitState.Due && !_probed && (_probed = true);
        }
    }

    /// <summary>Answers the state that the destination has come to by this, null where it stays what it was.</summary>
    public CircuitState? Report(ProviderHealthOptions options, Verdict verdict, TimeSpan? retryAfter, bool wasProbe, string outcome)
    {
        lock (_gate)
        {
            if (wasProbe)
            {
                _probed = false;
            }

            return verdict switch
            {
                Verdict.None => null,
                Verdict.Good => Good(options),
                Verdict.Bad => Bad(options, retryAfter, outcome),
                _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
            };
        }
    }

    private CircuitState Now() => _openedAt is not { } since ? CircuitState.Closed
        : time.GetElapsedTime(since) < _openFor ? CircuitState.Open
        : CircuitState.Due;

    private CircuitState? Good(ProviderHealthOptions options)
    {
        _inARow = 0;
        if (_openedAt is null)
        {
            Remember(options, failed: false);
            return null;
        }

        // What was before it went out says nothing any more.
        _openedAt = null;
        _recent.Clear();
        _failedRecently = 0;
        return CircuitState.Closed;
    }

    private CircuitState? Bad(ProviderHealthOptions options, TimeSpan? retryAfter, string outcome)
    {
        _inARow = Math.Min(_inARow + 1, options.FailuresInARow);
        Remember(options, failed: true);
        var asked = retryAfter is { } wait && wait > TimeSpan.Zero && options.LongestRetryAfter > TimeSpan.Zero;
        var often = _recent.Count >= options.WindowCalls && _failedRecently * 100 >= options.WindowPercent * _recent.Count;
        if (_openedAt is null && !asked && !often && _inARow < options.FailuresInARow)
        {
            return null;
        }

        var wasOpen = _openedAt is not null;

        // A call that went to it although it was out does not put its next try off, or a busy last one of a chain would never be due.
        if (asked || Now() != CircuitState.Open)
        {
            _openFor = !asked ? options.RetryAfter : retryAfter < options.LongestRetryAfter ? retryAfter!.Value : options.LongestRetryAfter;
            _openedAt = time.GetTimestamp();
        }

        Reason = asked ? $"it asked not to be called ({outcome})"
            : _inARow >= options.FailuresInARow ? $"{_inARow} failures in a row, the last {outcome}"
            : $"{_failedRecently} of {_recent.Count} calls failed, the last {outcome}";
        return wasOpen ? null : CircuitState.Open;
    }

    private void Remember(ProviderHealthOptions options, bool failed)
    {
        _recent.Enqueue((time.GetTimestamp(), failed));
        _failedRecently += failed ? 1 : 0;
        while (_recent.Count > options.WindowCalls || (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > options.Window))
        {
            _failedRecently -= _recent.Dequeue().Failed ? 1 : 0;
        }
    }
}
