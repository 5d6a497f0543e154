using MeteringGateway.Compare.Load;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Compare.Growth;

/// <summary>What each part of the growth run works with. One caller at a time.</summary>
internal sealed record GrowthBench(
    CompareOptions Options, Workspace Workspace, GatewayStack Stack, Part Provider, LedgerCheck Check, Action<string> Say)
{
    private const int WarmUpRequests = 30_000;

    public GrowthResults Results { get; } = new();
    public Wrk Wrk { get; } = Wrk.In(Workspace);

    /// <summary>With the gateways that run now.</summary>
    public Subject Subject => Subject.Of(Stack, Options.Fsync[0], Provider);

    public LoadTarget Target(int accounts) => new(GatewayStack.Query(Stack.Gateways[0]), Workspace.KeyFile, accounts);

    /// <summary>A closed-loop load whose answers are compared with the ledger.</summary>
    public async Task<Window> MeasureAsync(LoadTarget target, TimeSpan duration, CancellationToken cancellation) =>
        await new Measurement(Wrk, Check).ClosedAsync(Subject, target, Options.Connections, duration, cancellation);

    public async Task<LoadResult> MeasureAsync(string what, LoadTarget target, TimeSpan duration, CancellationToken cancellation)
    {
        var window = await MeasureAsync(target, duration, cancellation);
        Results.Add(what, window.Load, window.OthersShare);
        Say(FormattableString.Invariant($"{what}: {window.PerSecond:F0}/s, p50 {window.Load.P50.TotalMilliseconds:F2} ms"));
        return window.Load;
    }

    /// <summary>A closed-loop load beside others: the caller compares all of them with the ledger.</summary>
    public async Task<LoadResult> RunAsync(
        string what, LoadTarget target, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        var others = ProcessTree.Others();
        var load = await Wrk.RunAsync(target, connections, duration, cancellation);
        Results.Add(what, load, ProcessTree.Share(ProcessTree.Others() - others, load.Duration));
        Say(FormattableString.Invariant($"{what}: {load.PerSecond:F0}/s, p50 {load.P50.TotalMilliseconds:F2} ms"));
        return load;
    }

    /// <summary>Some tens of thousands of calls, before .NET runs at its speed.</summary>
    public async Task WarmUpAsync(LoadTarget target, CancellationToken cancellation)
    {
        for (var (chunks, requests) = (0, 0L); requests < WarmUpRequests && chunks < 20; chunks++)
        {
            requests += (await MeasureAsync(target, TimeSpan.FromSeconds(3), cancellation)).Load.Requests;
        }
    }
}
