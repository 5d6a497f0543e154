namespace MeteringGateway.Telemetry;

/// <summary>
/// Bounds of the durations, in seconds, a set for each kind: a bound far from what is measured tells nothing, and every bound is a series
/// for each surface or provider.
/// </summary>
internal static class DurationBuckets
{
    /// <summary>A request, or an attempt: a refusal takes under a millisecond, a call seconds, a stream up to ten minutes.</summary>
    public static double[] Call { get; } =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    /// <summary>What the gateway adds to a call: what it computes, and its waits for Redis.</summary>
    public static double[] Overhead { get; } =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    /// <summary>A script takes around 100 µs; after 0.8 s its answer is no longer waited for.</summary>
    public static double[] Script { get; } =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    /// <summary>A connection, which lives for as long as it is used.</summary>
    public static double[] Connection { get; } = [0.1, 1, 10, 60, 300, 1_800, 3_600, 14_400];

    /// <summary>A transaction takes a millisecond with one entry, seconds with thousands on a slow disk.</summary>
    public static double[] Flush { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
}
