using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Running;

/// <summary>What is counted of one second. One caller at a time.</summary>
internal sealed class SecondTally
{
    private readonly Dictionary<string, long> _outcomes = [];

    public long Sent { get; set; }
    public long Ended { get; set; }
    public long Credits { get; private set; }
    public LatencyHistogram Latencies { get; } = new();
    public IReadOnlyDictionary<string, long> Outcomes => _outcomes;

    public void Count(string outcome, long credits)
    {
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        Credits += credits;
    }

    public SecondResult Result(int second, double wanted) => new(
        second, wanted, Sent, Ended, Latencies.Percentile(0.5), Latencies.Percentile(0.99), Latencies.Max, Credits,
        new Dictionary<string, long>(_outcomes));
}
