using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Reports;

/// <summary>The table of percentiles, the same in every report: a row for each thing measured, its figures in milliseconds.</summary>
internal static class LatencyRows
{
    public static readonly IReadOnlyList<string> Head = ["latency in ms", "calls", "mean", "p50", "p75", "p90", "p99", "p99.9", "max"];

    public static IEnumerable<IReadOnlyList<string>> Of(ScenarioResult result) => result.Measured
        .Concat(result.Measured.Count > 1 ? [result.All] : [])
        .Append(result.Charged)
        .Select(one => (IReadOnlyList<string>)
        [
            one.Name, Figures.Count(one.Count), .. new[] { one.Mean, one.P50, one.P75, one.P90, one.P99, one.P999, one.Max }
                .Select(Figures.Milliseconds),
        ]);
}
