using MeteringGateway.Engine.Loading.Batches;
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
    public async Task Accounts_WithAnEntry_AreToldOnce_AndThoseWithoutAreNot()
    {
        var store = await OpenAsync();
        Assert.Equal((WaitingStatus.Whole, "", ""), await LookAsync(store));
        await AppendAsync(store, "1|7|11|a", "2|7|12|b", "3|7|11|c");
        Assert.Equal((WaitingStatus.Whole, "3|7|11|c", "11 12"), await LookAsync(store));
    }

    [Fact]
    public async Task Look_AfterAnother_TellsOfWhatWasAppendedSince()
    {
        var store = await OpenAsync();
        await AppendAsync(store, "1|7|11|a", "2|7|12|b");
        Assert.Equal((WaitingStatus.Newer, "2|7|12|b", ""), await LookAsync(store, "2|7|12|b"));
        await AppendAsync(store, "3|7|13|c", "4|7|14|d");
        Assert.Equal((WaitingStatus.Newer, "4|7|14|d", "13 14"), await LookAsync(store, "2|7|12|b"));

        // Trimmed to and past the entry that is known.
        await TrimAsync(store, 1);
        Assert.Equal((WaitingStatus.Newer, "4|7|14|d", "13 14"), await LookAsync(store, "2|7|12|b"));
        await TrimAsync(store, 2);
        Assert.Equal((WaitingStatus.Whole, "4|7|14|d", "14"), await LookAsync(store, "2|7|12|b"));
        await TrimAsync(store, 1);
        Assert.Equal((WaitingStatus.Whole, "", ""), await LookAsync(store, "2|7|12|b"));
    }

    [Theory]
    [InlineData("damage")]
    [InlineData("v2|1|1|1|1|1|1|1|1|1|{}")]
    public async Task Entry_ThatCannotBeRead_IsAnybodys(string entry)
    {
        var store = await OpenAsync();
        await AppendAsync(store, "1|7|11|a", entry, "2|7|12|b");
        Assert.Equal(WaitingStatus.Unread, (await store.WaitingAsync(s_caller)).Answer.Status);
        Assert.Equal(WaitingStatus.Unread, (await store.WaitingAsync(s_caller, "1|7|11|a")).Answer.Status);
        Assert.Equal(WaitingStatus.Newer, (await store.WaitingAsync(s_caller, entry)).Answer.Status);
    }

    [Fact]
    public async Task Entries_MoreThanAFlushWouldTakeToWrite_AreNotLookedAt()
    {
        var store = await OpenAsync();
        await AppendAsync(store, [.. Enumerable.Range(1, 2_000).Select(i => $"{i}|7|11|{i}")]);
        Assert.Equal((WaitingStatus.Whole, "2000|7|11|2000", "11"), await LookAsync(store));
        await AppendAsync(store, "2001|7|12|a");
        Assert.Equal(WaitingStatus.Unread, (await store.WaitingAsync(s_caller)).Answer.Status);
        Assert.Equal(WaitingStatus.Unread, (await store.WaitingAsync(s_caller, "gone")).Answer.Status);
        Assert.Equal((WaitingStatus.Newer, "2001|7|12|a", "11 12"), await LookAsync(store, "1|7|11|1"));
        Assert.Equal((WaitingStatus.Newer, "2001|7|12|a", "12"), await LookAsync(store, "2000|7|11|2000"));
    }

    [Fact]
    public async Task Partition_OfAnotherEpochOrWithoutAnOutbox_FailsAlone()
    {
        var stores = new List<ScriptPartition>();
        for (var i = 0; i < 5; i++)
        {
            stores.Add(await OpenAsync());
            await AppendAsync(stores[i], $"1|7|{i}|a");
        }

        await redis.Connection.ExecuteAsync("SET", (RedisKey)PartitionMap.Outbox(stores[1].Number), "damage");
        await redis.Connection.ExecuteAsync("SET", (RedisKey)PartitionMap.Meta(stores[3].Number), "damage");
        var told = await ScriptPartition.WaitingAsync(
            redis.Connection, partition => partition == stores[4].Number ? 1_000 : 0,
            [.. stores.Select((store, i) => store.Waiting(i == 2 ? Epoch - 1 : Epoch))]);

        Assert.Equal(
            [ScriptOutcome.Answered, default, ScriptOutcome.Fenced, ScriptOutcome.Fenced, ScriptOutcome.Fenced],
            told.Select(reply => reply.Outcome));
        Assert.Equal(["0"], told[0].Answer.Accounts);
    }

    private async Task<ScriptPartition> OpenAsync()
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        return store;
    }

    private static async Task<(WaitingStatus, string, string)> LookAsync(ScriptPartition store, string newest = "")
    {
        var (status, entry, accounts) = (await store.WaitingAsync(s_caller, newest)).Answer;
        return (status, entry, string.Join(' ', accounts));
    }

    private static async Task AppendAsync(ScriptPartition store, params string[] entries) =>
        Assert.True((await store.Redis.ExecuteAsync("RPUSH", [(RedisKey)PartitionMap.Outbox(store.Number), .. entries])).Answered);

    private static async Task TrimAsync(ScriptPartition store, int count) =>
        Assert.True((await store.Redis.ExecuteAsync("LTRIM", (RedisKey)PartitionMap.Outbox(store.Number), count, -1)).Answered);
}
