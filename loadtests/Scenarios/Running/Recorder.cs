using System.Diagnostics;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Running;

/// <summary>
/// Counts what comes back, by the second and in all. Any number of callers at once: one lock, held for some hundred nanoseconds.
/// </summary>
/// <param name="start">The begin of the load, by the clock of <see cref="Stopwatch"/>.</param>
internal sealed class Recorder(IReadOnlyList<LoadSimulation> phases, IReadOnlyList<Step> steps, long start)
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<SecondTally> _seconds = [];
    private readonly LatencyHistogram[] _whole = [.. steps.Select(_ => new LatencyHistogram())];
    private readonly LatencyHistogram[] _firstByte = [.. steps.Select(_ => new LatencyHistogram())];
    private readonly LatencyHistogram _charged = new();
    private readonly List<long> _ends = [];
    private readonly List<ChargedAnswer> _answers = [];
    private long _lost;

    /// <summary>Runs begun so far.</summary>
    public long Sent { get; private set; }

    public void Begun(long now)
    {
        lock (_lock)
        {
            Sent++;
            At(now).Sent++;
        }
    }

    public void Ended(long now)
    {
        lock (_lock)
        {
            At(now).Ended++;
            _ends.Add(now);
        }
    }

    /// <summary>A run that was due and could not be sent.</summary>
    public void NotSent(long due)
    {
        lock (_lock)
        {
            At(due).Count(Response.NotSent, 0);
        }
    }

    /// <param name="step">Its place among the scenario's.</param>
    /// <param name="due">When the call should have begun; its latency counts from there.</param>
    public void Answered(int step, long due, long now, Response response)
    {
        lock (_lock)
        {
            var second = At(due);
            second.Count(response.Outcome, response.Credits);
            if (response.Outcome == Response.Lost)
            {
                _lost++;
                return;
            }

            var latency = Stopwatch.GetElapsedTime(due, now);
            _whole[step].Add(latency);
            second.Latencies.Add(latency);
            if (response.FirstByteAt is { } first)
            {
                _firstByte[step].Add(Stopwatch.GetElapsedTime(due, first));
            }

            if (response.Outcome == Response.Charged)
            {
                _charged.Add(latency);
                _answers.Add(new ChargedAnswer(response.RequestId ?? Guid.Empty, response.Credits));
            }
        }
    }

    /// <summary>For the check of the ledger, once the load is over.</summary>
    public (IReadOnlyList<ChargedAnswer> Answers, long Lost) Charges()
    {
        lock (_lock)
        {
            return ([.. _answers], _lost);
        }
    }

    /// <summary>The load as it is now, for a person who watches.</summary>
    public LoadProgress Look()
    {
        lock (_lock)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            var last = Math.Max(0, (int)elapsed.TotalSeconds - 1);
            var second = last < _seconds.Count ? _seconds[last] : new SecondTally();
            return new LoadProgress(
                elapsed, Arrivals.Length(phases), Arrivals.Wanted(phases, last), second.Sent, second.Ended,
                second.Latencies.Percentile(0.5), second.Latencies.Percentile(0.99), Outcomes(), _seconds.Sum(one => one.Credits));
        }
    }

    /// <param name="length">Of the load until its end, or until it was stopped.</param>
    public ScenarioResult Result(TimeSpan length)
    {
        lock (_lock)
        {
            var end = start + (long)((length + s_grace).TotalSeconds * Stopwatch.Frequency);
            var all = new LatencyHistogram();
            foreach (var step in _whole)
            {
                all.Add(step);
            }

            return new ScenarioResult(
                length, Arrivals.Due(phases).TakeWhile(due => due < length).LongCount(), _ends.Count(at => at <= end),
                LatencyResult.Of("all calls", all), LatencyResult.Of("charged calls", _charged), [.. Measured()], Outcomes(),
                _seconds.Sum(one => one.Credits),
                [.. _seconds.Select((one, second) => one.Result(second, Arrivals.Wanted(phases, second)))]);
        }
    }

    private IEnumerable<LatencyResult> Measured()
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (_firstByte[i].Count > 0)
            {
                yield return LatencyResult.Of($"{steps[i].Name}, first byte", _firstByte[i]);
            }

            yield return LatencyResult.Of(steps[i].Name, _whole[i]);
        }
    }

    private Dictionary<string, long> Outcomes() => _seconds.SelectMany(second => second.Outcomes)
        .GroupBy(outcome => outcome.Key).ToDictionary(group => group.Key, group => group.Sum(outcome => outcome.Value));

    private SecondTally At(long timestamp)
    {
        var second = Math.Max(0, (int)Stopwatch.GetElapsedTime(start, timestamp).TotalSeconds);
        while (_seconds.Count <= second)
        {
            _seconds.Add(new SecondTally());
        }

        return _seconds[second];
    }
}

/// <summary>An answer that says that it was charged.</summary>
internal readonly record struct ChargedAnswer(Guid RequestId, long Credits);
