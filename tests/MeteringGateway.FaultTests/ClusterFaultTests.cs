using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>A node of a cluster dies, with and without a replica to take over, and a partition moves to another node under load.</summary>
public sealed class ClusterFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ClusterWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();
    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Node_WithoutAReplicaGone_TakesItsPartitionsOnly()
    {
        var (one, two) = (await _world.StartGatewayAsync(), await _world.StartGatewayAsync());
        await using var run = await OpenAsync("a node of the cluster killed and back", master => master != _world.Masters[0], one, two);
        var node = await _world.MasterOfAsync(run.RichAccount);
        var others = new List<long>();
        foreach (var account in run.Keys.Select(key => key.Account).Distinct())
        {
            if (await _world.MasterOfAsync(account) != node)
            {
                others.Add(account);
            }
        }

        Assert.NotEmpty(others);
        await node.KillAsync();
        var (before, from) = (run.Load.Calls.Count, TimeProvider.System.GetTimestamp());
        await Wait.ForAsync(TimeSpan.FromSeconds(4));
        var (meanwhile, to) = (run.Load.Calls.Skip(before).ToList(), TimeProvider.System.GetTimestamp());
        await node.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);

        Assert.DoesNotContain(meanwhile, call => call.Status is not (200 or 402 or 503));

        // The broken connection puts every partition in doubt until it is proven again, a tenth of a second as a rule.
        var served = meanwhile.Where(call => others.Contains(call.Account) && call.Status is (200 or 402)).Select(call => call.Ended)
            .Prepend(from)
            .Append(to).Order().ToList();
        var longest = served.Zip(served.Skip(1), TimeProvider.System.GetElapsedTime).Max();
        output.WriteLine($"the other partitions: {served.Count - 2} calls served, {longest.TotalMilliseconds:0} ms without one at most");
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Node_WithAReplicaGone_IsServedByTheReplica()
    {
        var (one, two) = (await _world.StartGatewayAsync(), await _world.StartGatewayAsync());
        await using var run = await OpenAsync(
            "a node of the cluster killed, its replica takes over", master => master == _world.Masters[0], one, two);
        await run.LoseAsync(_world.Masters[0].KillAsync);
        await Eventually.TrueAsync(
            async () => (await ClusterWorld.AskAsync(_world.Replica, "INFO replication")).Contains("role:master", StringComparison.Ordinal),
            () => "no failover");
        var key = run.Keys[0];
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(run.Gateways[0].Address, key)).Succeeded, () => "the replica never serves",
            TimeSpan.FromSeconds(20));
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Partition_MovedToAnotherNodeUnderLoad_LosesNothing()
    {
        var (one, two) = (await _world.StartGatewayAsync(), await _world.StartGatewayAsync());
        await using var run = await OpenAsync("a partition of the cluster moved to another node", _ => true, one, two);
        var from = await _world.MasterOfAsync(run.RichAccount);
        var to = _world.Masters.First(master => master != from && master != _world.Masters[0]);
        await _world.MoveSlotAsync(run.RichAccount, from, to);
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(run.Gateways[0].Address, run.Keys[0])).Succeeded, () => "never served from there",
            TimeSpan.FromSeconds(20));
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Node_LateWhilePostgresIsAway_IsServedWhenItAnswers()
    {
        var books = _world.Stores.PostgresConnection.Replace(
            $"Port={_world.Postgres.Port}", $"Port={_world.PostgresProxy.Port}", StringComparison.Ordinal);
        var gateway = await _world.StartGatewayAsync(null, false, ("ConnectionStrings__Postgres", books));
        await using var run = await OpenAsync(
            "a node of the cluster frozen for 3 s while PostgreSQL is away", master => master != _world.Masters[0], gateway);
        var (node, key) = (await _world.MasterOfAsync(run.RichAccount), run.Keys[0]);
        _world.PostgresProxy.Set(ProxyMode.Refuse);
        _world.PostgresProxy.ResetAll();
        node.Pause();
        await Wait.ForAsync(TimeSpan.FromSeconds(3));
        node.Resume();
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(gateway.Address, key)).Succeeded, () => "not served until PostgreSQL is back");
        _world.PostgresProxy.Set(ProxyMode.Pass);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    /// <summary>Opens cases until the rich account lies where the test wants it; which that is follows from its number.</summary>
    private async Task<FaultCase> OpenAsync(string fault, Func<RedisServer, bool> fits, params GatewayProcess[] gateways)
    {
        while (true)
        {
            // The next account has the number after the one before.
            var next = await gateways[0].Client.CreateAccountAsync() + 1;
            if (fits(await _world.MasterOfAsync(next)))
            {
                var run = await _world.OpenAsync(fault, gateways);
                await run.Load.AwaitSuccessesAsync(40);
                return run;
            }
        }
    }
}
