namespace MeteringGateway.Telemetry;

/// <summary>One set of bounds for every duration, in seconds: a script call is around 100 µs, a surface's longest call 30 s.</summary>
internal static class DurationBuckets
{
    public static double[] Bounds { get; } =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
}
