using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>What leaves the outbox once the ledger has it, and the note of how far the ledger is.</summary>
public sealed class TrimScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Trimmed = 1;
    private const long HeadMoved = 2;

    [Fact]
    public async Task Note_OfWhatTheLedgerHas_RisesAndNeverFalls()
    {
        var store = await OpenAsync("a", "b", "c");
        Assert.Equal(Trimmed, (await store.TrimAsync("a", 1, "a", 7))[0]);
        Assert.Equal("7", await NoteAsync(store));
        Assert.Equal(Trimmed, (await store.TrimAsync("b", 1, "b", 5))[0]);
        Assert.Equal("7", await NoteAsync(store));
        Assert.Equal(Trimmed, (await store.TrimAsync("c", 1, "c", 9_007_199_254_740_991))[0]);
        Assert.Equal("9007199254740991", await NoteAsync(store));
    }

    [Fact]
    public async Task Head_ThatHasMoved_StaysAndIsNotedAllTheSame()
    {
        var store = await OpenAsync("b");
        Assert.Equal(HeadMoved, (await store.TrimAsync("a", 1, "a", 7))[0]);
        Assert.Equal("7", await NoteAsync(store));
        Assert.Equal(1, (long)(await store.Redis.ExecuteAsync("LLEN", (RedisKey)PartitionMap.Outbox(store.Number))).Result!);
    }

    [Theory]
    [InlineData("SET", "damage")]
    [InlineData("RPUSH", "damage")]
    public async Task Note_ThatCannotBeRead_IsReplaced(string command, string damage)
    {
        var store = await OpenAsync("a");
        Assert.True((await store.Redis.ExecuteAsync(command, (RedisKey)PartitionMap.Committed(store.Number), damage)).Answered);
        Assert.Equal(Trimmed, (await store.TrimAsync("a", 1, "a", 7))[0]);
        Assert.Equal("7", await NoteAsync(store));
    }

    private async Task<ScriptPartition> OpenAsync(params string[] entries)
    {
        var store = redis.NewPartition();
        Assert.True((await store.Redis.ExecuteAsync("RPUSH", [(RedisKey)PartitionMap.Outbox(store.Number), .. entries])).Answered);
        return store;
    }

    private static async Task<string?> NoteAsync(ScriptPartition store) =>
        (string?)(await store.Redis.ExecuteAsync("GET", (RedisKey)PartitionMap.Committed(store.Number))).Result;
}
