namespace MeteringGateway.Scenarios.Running;

/// <summary>A load while it runs: rates and latencies of the last whole second, outcomes and credits so far. Immutable.</summary>
internal sealed record LoadProgress(
    TimeSpan Elapsed, TimeSpan Length, double Wanted, long Sent, long Ended, TimeSpan P50, TimeSpan P99,
    IReadOnlyDictionary<string, long> Outcomes, long Credits);
