using System.Diagnostics;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Growth;

/// <summary>The parts of the growth run, one after the other on one pair of stores, from nothing loaded to all killed.</summary>
internal sealed class GrowthRun(CompareOptions options, Workspace workspace, LedgerCheck check, Action<string> say)
{
    private static readonly (string Name, Func<GrowthBench, CancellationToken, Task> Run)[] s_parts =
    [
        ("cold-start", ColdParts.StartAsync),
        ("cold", ColdParts.CallsAsync),
        ("warm", WarmPart.RunAsync),
        ("memory", (bench, _) => Task.Run(() => KeyShapes.Measure(bench))),
        ("holds", HoldsPart.RunAsync),
        ("backlog", BacklogPart.RunAsync),
        ("two", TwoGatewaysPart.RunAsync),
        ("recovery", RecoveryPart.RunAsync),
    ];

    public static IReadOnlyList<string> Parts { get; } = [.. s_parts.Select(part => part.Name)];

    public async Task<GrowthResults> RunAsync(CancellationToken cancellation)
    {
        await using var fast = await DotnetServer.StartAsync(
            workspace, "provider", Programs.BareProxy, url => ["provider", url.AbsoluteUri], "", Comparison.NoVariables, cancellation);
        var delay = ((int)HoldsPart.SlowAnswer.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using var slow = await DotnetServer.StartAsync(
            workspace, "slow-provider", Programs.BareProxy, url => ["provider", url.AbsoluteUri, delay], "", Comparison.NoVariables,
            cancellation);
        SoldSurface[] surfaces = [new("fast", fast.Address), new(HoldsPart.Surface, slow.Address, OverHttp2: true)];
        await using var stack = await GatewayStack.StartAsync(workspace, surfaces, cancellation);
        await stack.StartGatewayAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        await stack.MakeAccountsAsync(options.Accounts, cancellation);
        say($"Made {options.Accounts} accounts in {ColdParts.Seconds(Stopwatch.GetElapsedTime(start))}.");

        var bench = new GrowthBench(options, workspace, stack, new Part("provider", fast.Pid), check, say);
        foreach (var (name, run) in s_parts.Where(part => options.Has(part.Name)))
        {
            say($"Part {name} …");
            await run(bench, cancellation);
        }

        say("Walking the ledger … (minutes with a million accounts)");
        await check.WholeAsync("growth", stack.Gateways[0].Address, cancellation);
        return bench.Results;
    }
}
