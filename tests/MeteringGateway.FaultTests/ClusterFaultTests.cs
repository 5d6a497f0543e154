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
        var (before, from) = (run.Load.Calls.Count, TimeProvider.System.GetTimestamp());
        await Wait.ForAsync(TimeSpan.FromSeconds(4));
        var (meanwhile, to) = (run.Load.Calls.Skip(before).ToList(), TimeProvider.System.GetTimestamp());
        await node.RestartAsync(CancellationToken.None);
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);

        Assert.DoesNotContain(meanwhile, call => call.Status is not (200 or 402 or 503));

        // The broken connection puts every partition in doubt until it is proven again, a tenth of a second as a rule.
        var served = meanwhile.Where(call => others.Contains(call.Account) && call.Status is (200 or 402)).Select(call => call.Ended).Prepend(from).Append(to).Order().ToList();
        var longest = served.Zip(served.Skip(1), TimeProvider.System.GetElapsedTime).Max();
        output.WriteLine($"the other partitions: {served.Count - 2} calls served, {longest.TotalMilliseconds:0} ms without one at most");
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Node_WithAReplicaGone_IsServedByTheReplica()
    {
        await using var run = await OpenAsync("a node of the cluster killed, its replica takes over", master => master == _world.Masters[0]);
        await run.LoseAsync(_world.Masters[0].KillAsync);
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
