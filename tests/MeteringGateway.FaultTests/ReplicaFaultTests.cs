using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>A replica that is behind takes over: in the place of a master that died, and beside one that lives.</summary>
public sealed class ReplicaFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ReplicaWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();
    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Failover_ToAReplicaThatIsBehind_ForgetsOnlyWhatWasNotFlushed()
    {
        var (one, two) = (await _world.StartGatewayAsync(throughProxies: true), await _world.StartGatewayAsync(throughProxies: true));
        await using var run = await _world.OpenAsync("failover to a replica that is behind", one, two);
        await run.Load.AwaitSuccessesAsync(60);
        _world.Replication.Set(ProxyMode.BlackHole);
        await run.Load.AwaitMoreAsync(150);
        await run.LoseAsync(_world.Redis.KillAsync);
        await _world.PromoteAsync();
        _world.RedisProxy.LeadTo(_world.Replica.Port);
        await run.LookAtAsync(_world.Replica);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Failover_Planned_WithConnectionsThatStayWithTheOldMaster_LeavesIt()
    {
        var (one, two) = (await _world.StartGatewayAsync(throughProxies: true), await _world.StartGatewayAsync(throughProxies: true));
        await using var run = await _world.OpenAsync("planned failover, the old master a replica that keeps its connections", one, two);
        await run.Load.AwaitSuccessesAsync(60);
        await run.LoseAsync(async () =>
        {
            await _world.PromoteAsync();
            await RedisText.AskAsync(_world.Redis, $"REPLICAOF 127.0.0.1 {_world.Replica.Port}");
            _world.RedisProxy.LeadTo(_world.Replica.Port, keepOpen: true);
        });
        await run.LookAtAsync(_world.Replica);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task SplitBrain_OfTwoGatewaysWithOneLedger_ForksNoBooks()
    {
        var one = await _world.StartGatewayAsync(throughProxies: true);
        var two = await _world.StartGatewayAsync(null, false, ("ConnectionStrings__Redis", _world.OtherRedisProxy.Address));
        await using var run = await _world.OpenAsync("split brain: a gateway on the old master, one on the promoted replica", one, two);

        // A call that was reserved on the old master and answered after the move has no hold on the replica: where its credits were spent
        // there meanwhile, nobody can collect them.
        run.MayBeUncollected = true;
        await run.Load.AwaitSuccessesAsync(60);
        _world.Replication.Set(ProxyMode.BlackHole);
        await run.Load.AwaitMoreAsync(40);
        await _world.PromoteAsync();
        await run.LoseAsync(() =>
        {
            _world.OtherRedisProxy.LeadTo(_world.Replica.Port);
            return Task.CompletedTask;
        });

        // Who moved has the money. What the old master shows from here on is nobody's.
        await run.LookAtAsync(_world.Replica);

        // Those who have little left ask for more than that, on both sides.
        await using var pressure = Workload.Start(
            [.. run.Keys.Where(key => key.Account != run.RichAccount)], () => run.Addresses, pause: TimeSpan.Zero);
        await Wait.ForAsync(TimeSpan.FromSeconds(3));
        run.Load.Note(await pressure.StopAsync());
        output.WriteLine(string.Join(
            "; ", run.Load.Calls.GroupBy(call => call.Account).Select(calls => $"{calls.Key}: told {calls.Sum(call => call.Charged)}")));

        // What the old master still has to be written was charged there after the money had gone: it never will be.
        await run.LoseAsync(_world.Redis.KillAsync, _world.Redis);
        _world.RedisProxy.LeadTo(_world.Replica.Port);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
        Assert.Contains("another gateway serves from another Redis", one.Log, StringComparison.Ordinal);
    }
}
