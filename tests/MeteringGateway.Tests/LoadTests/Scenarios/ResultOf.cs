using MeteringGateway.Load.Report;
using MeteringGateway.Scenarios;
using MeteringGateway.Scenarios.LedgerChecks;
using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Tests.LoadTests.Scenarios;

/// <summary>Results and reports that a test makes up.</summary>
internal static class ResultOf
{
    public static ScenarioResult Seconds(params (string Outcome, long Count)[][] seconds)
    {
        var all = seconds.SelectMany(second => second).GroupBy(one => one.Outcome)
            .ToDictionary(group => group.Key, group => group.Sum(one => one.Count));
        var charged = all.GetValueOrDefault(Response.Charged);
        return new ScenarioResult(
            TimeSpan.FromSeconds(seconds.Length), all.Values.Sum(), all.Values.Sum() - 1, Latency("all calls", all.Values.Sum(), 3.25),
            Latency("charged calls", charged, 2.5), [Latency("query", all.Values.Sum(), 3.25)], all, charged * 2,
            [.. seconds.Select((second, number) => new SecondResult(
                number, second.Sum(one => one.Count), second.Sum(one => one.Count), second.Sum(one => one.Count),
                TimeSpan.FromMilliseconds(1 + number), TimeSpan.FromMilliseconds(20 + number), TimeSpan.FromMilliseconds(1234 + number),
                2 * second.Where(one => one.Outcome == Response.Charged).Sum(one => one.Count),
                second.ToDictionary(one => one.Outcome, one => one.Count)))]);
    }

    public static RunReport Report(
        ScenarioResult result, IReadOnlyList<Threshold> thresholds, LedgerVerdict? ledger = null, string? cutShort = null) => new(
        "steady", "Nothing <is> in the way & \"all\" is well.", "a stack", new DateTimeOffset(2026, 11, 26, 9, 8, 7, TimeSpan.Zero),
        "loadtests/run steady --seed 7", new MachineFacts("2026-11-26", "abc1234", "2 processors", ".NET 10"), 7, "Inject 3/s for 3 s",
        IsClosed: false, result, [.. thresholds.Select(threshold => threshold.Evaluate(result))],
        ledger ?? new LedgerVerdict(["5 charged answers of 10 credits; 5 ledger entries of 10 credits"], []), cutShort, 0.25);

    private static LatencyResult Latency(string name, long count, double milliseconds)
    {
        var one = TimeSpan.FromMilliseconds(milliseconds);
        return new LatencyResult(name, count, one, one, one * 2, one * 3, one * 10, one * 20, one * 50);
    }
}
