using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Growth;

/// <summary>Two gateways on one Redis and one PostgreSQL, each with half of the connections, in turns with the first one alone.</summary>
internal static class TwoGatewaysPart
{
    private const int Thousand = 1000;
    private const string Alone = "1,000 accounts, one gateway beside an idle one";
    private const string Two = "1,000 accounts, two gateways";

    public static async Task RunAsync(GrowthBench bench, CancellationToken cancellation)
    {
        var second = await bench.Stack.StartGatewayAsync(cancellation);
        await bench.WarmUpAsync(bench.Target(Thousand) with { Url = GatewayStack.Query(second) }, cancellation);
        for (var round = 1; round <= bench.Options.Rounds; round++)
        {
            if (round % 2 == 1)
            {
                await bench.MeasureAsync(Alone, bench.Target(Thousand), bench.Options.Duration, cancellation);
                await BothAsync(bench, second, cancellation);
            }
            else
            {
                await BothAsync(bench, second, cancellation);
                await bench.MeasureAsync(Alone, bench.Target(Thousand), bench.Options.Duration, cancellation);
            }
        }

        await bench.Stack.StopGatewayAsync(second);
    }

    private static async Task BothAsync(GrowthBench bench, DotnetServer second, CancellationToken cancellation)
    {
        var ledger = bench.Stack.Ledger;
        await bench.Check.SettleAsync(Two, ledger, cancellation);
        var entries = await ledger.EntriesAsync(cancellation);
        var connections = Math.Max(1, bench.Options.Connections / 2);
        var others = ProcessTree.Others();
        var loads = await Task.WhenAll(
            bench.Wrk.RunAsync(bench.Target(Thousand), connections, bench.Options.Duration, cancellation),
            bench.Wrk.RunAsync(
                bench.Target(Thousand) with { Url = GatewayStack.Query(second) }, connections, bench.Options.Duration, cancellation));
        var both = loads[0] + loads[1];
        bench.Results.Add(Two, both, ProcessTree.Share(ProcessTree.Others() - others, both.Duration));
        bench.Say(FormattableString.Invariant($"{Two}: {both.PerSecond:F0}/s"));
        await bench.Check.SettleAsync(Two, ledger, cancellation);
        bench.Check.Compare(Two, both.Succeeded, await ledger.EntriesAsync(cancellation) - entries, 2 * connections);
        bench.Check.Refused(Two, both, "");
    }
}
