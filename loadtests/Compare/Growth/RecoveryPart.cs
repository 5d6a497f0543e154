using System.Diagnostics;
using System.Globalization;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Growth;

/// <summary>
/// Redis is killed and started again with all that it had: how long until a call is charged, and until calls run at their speed, with all
/// accounts forgotten. Calls that are refused meanwhile are what a loss of Redis means, so they are counted and no fault.
/// </summary>
internal static class RecoveryPart
{
    private const int MostChunks = 12;
    private const double Full = 0.9;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Chunk = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(GrowthBench bench, CancellationToken cancellation)
    {
        var (ledger, target) = (bench.Stack.Ledger, bench.Target(bench.Options.Accounts));
        await bench.Check.SettleAsync("recovery", ledger, cancellation);
        var entries = await ledger.EntriesAsync(cancellation);
        // Where they were not all loaded, their rate before the kill was no warm one.
        var reference = bench.Results.Notes.ContainsKey(GrowthResults.AllWarm) ? GrowthResults.Thousand : GrowthResults.AllWarm;
        var warm = bench.Results.PerSecond(reference);
        await bench.Stack.Redis.KillAsync();
        ledger.Reconnect();
        var start = Stopwatch.GetTimestamp();
        await bench.Stack.Redis.RestartAsync(cancellation);
        bench.Results.Add("recovery: until Redis answers again, after a kill", ColdParts.Seconds(Stopwatch.GetElapsedTime(start)));
        var charged = await FirstCharge.AwaitAsync(target with { First = 0 }, Patience, cancellation);
        bench.Results.Add(
            "recovery: from there to the first charge", charged is { } first ? ColdParts.Seconds(first) : "not within 3 min");
        if (charged is null)
        {
            return;
        }

        var (succeeded, refused, cut, full) = (1L, 0L, 0, false);
        for (var chunk = 0; chunk < MostChunks && !full; chunk++)
        {
            var after = string.Create(
                CultureInfo.InvariantCulture, $"all accounts, {5 * chunk} to {5 * (chunk + 1)} s after the first charge");
            var load = await bench.RunAsync(after, target, bench.Options.Connections, Chunk, cancellation);
            (succeeded, refused, cut) = (succeeded + load.Succeeded, refused + load.Refused + load.Lost, cut + bench.Options.Connections);
            full = load.PerSecond >= Full * warm;
        }

        bench.Results.Add(
            $"recovery: until nine tenths of the rate of {reference}",
            full ? ColdParts.Seconds(Stopwatch.GetElapsedTime(start)) : double.IsNaN(warm) ? "that rate was not measured"
                : "not within a minute of calls");
        bench.Results.Add("recovery: calls refused or lost meanwhile", refused.ToString(CultureInfo.InvariantCulture));
        bench.Results.Add("recovery: memory of the gateway", ColdParts.Megabytes(ProcessTree.Resident(bench.Stack.Gateways[0].Pid)));
        await bench.Check.SettleAsync("recovery", ledger, cancellation);
        bench.Check.Compare("recovery", succeeded, await ledger.EntriesAsync(cancellation) - entries, cut);
    }
}
