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
        await using var run = await OpenAsync("a node of the cluster killed and back", master => master != _world.Masters[0]);
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
        var before = run.Load.Calls.Count;
        await Wait.ForAsync(TimeSpan.FromSeconds(4));
        var meanwhile = run.Load.Calls.Skip(before).ToList();
        await node.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);

        var ofOthers = meanwhile.Where(call => others.Contains(call.Account)).ToList();
        Assert.DoesNotContain(meanwhile, call => !others.Contains(call.Account) && call.Status is not (200 or 402 or 503));
        Assert.InRange(ofOthers.Count(call => call.Status == 503), 0, ofOthers.Count / 20);
    }

    [Fact]
    public async Task Node_WithAReplicaGone_IsServedByTheReplica()
    {
        await using var run = await OpenAsync("a node of the cluster killed, its replica takes over", master => master == _world.Masters[0]);
        await run.NoteLossAsync();
        await _world.Masters[0].KillAsync();
        await Eventually.TrueAsync(
            async () => (await ClusterWorld.AskAsync(_world.Replica, "INFO replication")).Contains("role:master", StringComparison.Ordinal),
            () => "no failover");
        var key = run.Keys[0];
        await Eventually.TrueAsync(async () => (await run.Load.CallAsync(run.Gateways[0].Address, key)).Succeeded, () => "the replica never serves", TimeSpan.FromSeconds(20));
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    [Fact]
    public async Task Partition_MovedToAnotherNodeUnderLoad_LosesNothing()
    {
        await using var run = await OpenAsync("a partition of the cluster moved to another node", _ => true);
        var from = await _world.MasterOfAsync(run.RichAccount);
        var to = _world.Masters.First(master => master != from && master != _world.Masters[0]);
        await _world.MoveSlotAsync(run.RichAccount, from, to);
        await Eventually.TrueAsync(async () => (await run.Load.CallAsync(run.Gateways[0].Address, run.Keys[0])).Succeeded, () => "never served from there", TimeSpan.FromSeconds(20));
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }

    /// <summary>Opens cases until the rich account lies where the test wants it; which that is follows from its number.</summary>
    private async Task<FaultCase> OpenAsync(string fault, Func<LocalServers.RedisServer, bool> fits)
    {
        var (one, two) = (await _world.StartGatewayAsync(), await _world.StartGatewayAsync());
        while (true)
        {
            // The next account has the number after the one before.
            var next = await one.Client.CreateAccountAsync() + 1;
            if (fits(await _world.MasterOfAsync(next)))
            {
                var run = await _world.OpenAsync(fault, one, two);
                await run.Load.AwaitSuccessesAsync(40);
                return run;
            }
        }
    }
}
