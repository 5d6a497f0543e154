using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.Results;

/// <summary>The percentiles of some calls. Immutable.</summary>
internal sealed record LatencyResult(
    string Name, long Count, TimeSpan Mean, TimeSpan P50, TimeSpan P75, TimeSpan P90, TimeSpan P99, TimeSpan P999, TimeSpan Max)
{
    public static LatencyResult Of(string name, LatencyHistogram latencies) => new(
        name, latencies.Count, latencies.Mean, latencies.Percentile(0.5), latencies.Percentile(0.75), latencies.Percentile(0.9),
        latencies.Percentile(0.99), latencies.Percentile(0.999), latencies.Max);
}
