using System.Diagnostics;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Report;

namespace MeteringGateway.Compare.Growth;

/// <summary>A start with all accounts in PostgreSQL and none in Redis, and the calls of that time.</summary>
internal static class ColdParts
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    /// <summary>The gateway was started once before, for the schema; this start is that of every day.</summary>
    public static async Task StartAsync(GrowthBench bench, CancellationToken cancellation)
    {
        await bench.Stack.StopGatewayAsync(bench.Stack.Gateways[0]);
        var start = Stopwatch.GetTimestamp();
        var gateway = await bench.Stack.StartGatewayAsync(cancellation);
        var ready = Stopwatch.GetElapsedTime(start);
        var first = await FirstCharge.AwaitAsync(bench.Target(1) with { First = 500 }, StartPatience, cancellation);
        bench.Results.Add("cold start: until the gateway is ready", Seconds(ready));
        bench.Results.Add("cold start: from there to the first charge", first is { } charged ? Seconds(charged) : "not within 2 min");
        bench.Results.Add("cold start: memory of the gateway", Megabytes(ProcessTree.Resident(gateway.Pid)));
        bench.Say($"Cold start: ready after {Seconds(ready)}.");
    }

    /// <summary>Calls of accounts at random, nearly each of them new to Redis and to the gateway.</summary>
    public static async Task CallsAsync(GrowthBench bench, CancellationToken cancellation) =>
        await bench.MeasureAsync(
            GrowthResults.AllCold, bench.Target(bench.Options.Accounts), 2 * bench.Options.Duration, cancellation);

    public static string Seconds(TimeSpan span) => Markdown.Number(span.TotalSeconds, 2) + " s";
    public static string Megabytes(long bytes) => Markdown.Number(bytes / (double)(1 << 20), 0) + " MiB";
}
