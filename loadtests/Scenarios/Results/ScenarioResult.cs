namespace MeteringGateway.Scenarios.Results;

/// <summary>What a client saw of one scenario. Immutable.</summary>
/// <param name="Length">Of the load: as planned, or until it was stopped.</param>
/// <param name="RunsWanted">By the open phases until then; 0 where there are none.</param>
/// <param name="RunsInTime">Runs that ended before the load did, or within a grace of two seconds.</param>
/// <param name="All">All calls that were answered.</param>
/// <param name="Charged">Those of them that were charged.</param>
/// <param name="Measured">Steps, and the first bytes of those that stream.</param>
/// <param name="Outcomes">How many calls came to which outcome.</param>
internal sealed record ScenarioResult(
    TimeSpan Length, long RunsWanted, long RunsInTime, LatencyResult All, LatencyResult Charged, IReadOnlyList<LatencyResult> Measured,
    IReadOnlyDictionary<string, long> Outcomes, long Credits, IReadOnlyList<SecondResult> Seconds)
{
    public long Calls => Outcomes.Values.Sum();

    /// <summary>Ended in time, as a share of those wanted; 1 in the closed model, which wants nothing.</summary>
    public double Reached => RunsWanted == 0 ? 1 : Math.Min(1, (double)RunsInTime / RunsWanted);

    public double Share(string outcome) => Calls == 0 ? 0 : (double)Outcomes.GetValueOrDefault(outcome) / Calls;
}
