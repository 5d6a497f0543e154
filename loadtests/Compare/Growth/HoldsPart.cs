using System.Globalization;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Report;

namespace MeteringGateway.Compare.Growth;

/// <summary>Calls of a fast provider while calls of a slow one are in flight, each with its hold.</summary>
internal static class HoldsPart
{
    public const string Surface = "slow";
    public static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(15);

    private const int Thousand = 1000;
    private static readonly int[] s_inFlight = [10, 1000, 10_000];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(GrowthBench bench, CancellationToken cancellation)
    {
        foreach (var holds in s_inFlight)
        {
            await RunAsync(bench, holds, cancellation);
        }
    }

    private static async Task RunAsync(GrowthBench bench, int holds, CancellationToken cancellation)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"1,000 accounts, {holds:N0} holds in flight");
        var ledger = bench.Stack.Ledger;
        await bench.Check.SettleAsync(what, ledger, cancellation);
        var entries = await ledger.EntriesAsync(cancellation);
        // The calls outlast the measurement, and then are cut off: a client that leaves is charged nothing.
        var slow = bench.Wrk.RunAsync(
            bench.Target(Thousand) with { Surface = Surface }, holds, SlowAnswer + bench.Options.Duration, cancellation);
        if (!await UntilAsync(bench, count => count >= holds, cancellation))
        {
            var reached = await ledger.HoldsAsync(cancellation);
            bench.Results.Notes[what] = string.Create(CultureInfo.InvariantCulture, $"only {reached:N0} holds were reached");
        }

        if (holds >= Thousand)
        {
            var bytes = Statistics.Ratio(await ledger.BytesAsync("holds", cancellation), await ledger.HoldsAsync(cancellation));
            bench.Results.Add(
                string.Create(CultureInfo.InvariantCulture, $"Redis for each of {holds:N0} holds"), Markdown.Number(bytes, 0) + " bytes");
        }

        var fast = await bench.RunAsync(what, bench.Target(Thousand), bench.Options.Connections, bench.Options.Duration, cancellation);
        var cut = await slow;
        await UntilAsync(bench, count => count == 0, cancellation);
        await bench.Check.SettleAsync(what, ledger, cancellation);
        var both = fast + cut;
        bench.Check.Compare(what, both.Succeeded, await ledger.EntriesAsync(cancellation) - entries, bench.Options.Connections + holds);
        bench.Check.Refused(what, both, "");
    }

    private static async Task<bool> UntilAsync(GrowthBench bench, Func<long, bool> reached, CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!reached(await bench.Stack.Ledger.HoldsAsync(cancellation)))
        {
            if (Environment.TickCount64 > end)
            {
                return false;
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }

        return true;
    }
}
