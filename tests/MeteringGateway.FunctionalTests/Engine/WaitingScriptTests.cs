using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>Which accounts have entries in the outbox: those are loaded after a flush only, or the load would forget them.</summary>
public sealed class WaitingScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;
    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    [Fact]
    public async Task Accounts_WithoutAnEntry_AreClear_AndWithOneAreWaiting()
    {
        var store = await OpenAsync();
        Assert.Equal((long)WaitingStatus.Clear, (await store.WaitingAsync(s_caller, 1))[0]);
        await store.LoadAccountAsync(s_caller, 11, 100, "active", 1, -1, 0, 0);
        Assert.Equal(1, (await store.CreditAsync(s_caller, "c", 11, 5))[0]);
        Assert.Equal((long)WaitingStatus.Clear, (await store.WaitingAsync(s_caller, 1, 111, 5, 7))[0]);
        Assert.Equal((long)WaitingStatus.Waiting, (await store.WaitingAsync(s_caller, 1, 11))[0]);
    }

    [Theory]
    [InlineData("damage")]
    [InlineData("v2|1|1|1|1|1|1|1|1|1|{}")]
    public async Task Entry_ThatCannotBeRead_IsAnybodys(string entry)
    {
        var store = await OpenAsync();
        await store.Redis.ExecuteAsync("RPUSH", (RedisKey)PartitionMap.Outbox(store.Number), entry);
        Assert.Equal((long)WaitingStatus.Waiting, (await store.WaitingAsync(s_caller, 1))[0]);
    }

    [Fact]
    public async Task Partition_OfAnotherEpoch_IsFenced()
    {
        var store = await OpenAsync();
        Assert.Equal(ScriptAnswer.Fenced, (await store.WaitingAsync(new ScriptCaller(Epoch - 1, 0), 1))[0]);
        Assert.Equal(ScriptAnswer.Fenced, (await store.WaitingAsync(new ScriptCaller(Epoch, 1_000), 1))[0]);
    }

    private async Task<ScriptPartition> OpenAsync()
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        return store;
    }
}
