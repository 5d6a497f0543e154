namespace MeteringGateway.Scenarios.Results;

/// <summary>One second of the load. Immutable.</summary>
/// <param name="Second">From 0, since the load began.</param>
/// <param name="Wanted">Runs that were due in it; 0 in the closed model.</param>
/// <param name="Sent">Runs that were begun in it.</param>
/// <param name="Ended">Runs that ended in it, all steps of them.</param>
/// <param name="P50">Of the calls that were due in it, as the other latencies and the outcomes are.</param>
internal sealed record SecondResult(
    int Second, double Wanted, long Sent, long Ended, TimeSpan P50, TimeSpan P99, TimeSpan Max, long Credits,
    IReadOnlyDictionary<string, long> Outcomes)
{
    public long Calls => Outcomes.Values.Sum();
}
