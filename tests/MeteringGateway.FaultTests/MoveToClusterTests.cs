using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Xunit.Abstractions;

namespace MeteringGateway.FaultTests;

/// <summary>The move that <c>docs/operations.md</c> describes: from one Redis to an empty cluster, and on among its nodes.</summary>
public sealed class MoveToClusterTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ClusterWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();
    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Move_FromOneRedisToAnEmptyClusterAndBetweenItsNodes_LosesNothing()
    {
        var cluster = _world.Stores.Cluster;
        _world.Stores.Cluster = null;
        var before = await _world.StartGatewayAsync();
        await using var run = await _world.OpenAsync("a move from one Redis to a cluster", before);
        await run.Load.AwaitSuccessesAsync(60);

        // Step 1: the last gateway on the old Redis stops in its order, which leaves nothing there that the ledger has not.
        run.Gateways = [];
        Assert.Equal(0, await before.StopAsync());
        for (var partition = 0; partition < FaultWorld.Partitions; partition++)
        {
            Assert.Equal(":0", await RedisText.AskAsync(_world.Redis, $"LLEN {PartitionMap.Outbox(partition)}"));
        }

        // Step 2: gateways on the empty cluster fill it from the ledger.
        _world.Stores.Cluster = cluster;
        await run.LookAtServingAsync();
        var (one, two) = (await _world.StartGatewayAsync(), await _world.StartGatewayAsync());
        var account = (await one.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{run.RichAccount}")).ExpectSuccess();
        Assert.Equal(await _world.Stores.Books.BalanceAsync(run.RichAccount), account.GetProperty("credit_balance").GetInt64());
        run.Gateways = [one, two];
        await run.Load.AwaitMoreAsync(60);
        foreach (var master in _world.Masters)
        {
            Assert.NotEqual(":0", await RedisText.AskAsync(master, "DBSIZE"));
        }


        // Step 3: a partition goes on to another node, while calls are made.
        var from = await _world.MasterOfAsync(run.RichAccount);
        await _world.MoveSlotAsync(run.RichAccount, from, _world.Masters.First(master => master != from));
        await Eventually.TrueAsync(
            async () => (await run.Load.CallAsync(one.Address, run.Keys[0])).Succeeded, () => "never served from there",
            TimeSpan.FromSeconds(20));
        await run.Load.AwaitMoreAsync(60);
        await run.ExpectWholeAsync(output);
    }
}
