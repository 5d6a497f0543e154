using System.Text;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Repeats;

/// <summary>The answers that are kept for repeats: whose they are, how many, and for how long.</summary>
public sealed class KeptAnswersTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private static readonly PartitionMap s_map = new(16);
    private static long s_accounts;

    private readonly long _account = Interlocked.Increment(ref s_accounts) * 1_000;

    [Fact]
    public async Task Answer_OfARequest_IsFoundByItAlone()
    {
        var answers = Answers(1_000_000);
        byte[] bytes = [0, 255, (byte)'|', 10, 0, 1];
        Assert.True(await answers.KeepAsync(_account, "hash", "first", bytes));
        Assert.Equal(bytes, (await answers.FindAsync(_account, "hash", "first"))!.Value.ToArray());
        Assert.Null(await answers.FindAsync(_account, "hash", "firs"));
        Assert.Null(await answers.FindAsync(_account, "hash", "first|"));
        Assert.Null(await answers.FindAsync(_account, "another", "first"));
        Assert.Null(await answers.FindAsync(_account + 1, "hash", "first"));
        var life = (long)(await redis.Connection.ExecuteAsync("TTL", Name("hash"))).Result!;
        Assert.InRange(life, 86_300, 86_400);
    }

    [Fact]
    public async Task Answer_OfAnotherRequest_TakesThePlaceAndTheBytes()
    {
        var answers = Answers(1_600);
        Assert.True(await answers.KeepAsync(_account, "hash", "first", Bytes(100)));
        Assert.True(await answers.KeepAsync(_account, "hash", "second", Bytes(60)));
        Assert.Null(await answers.FindAsync(_account, "hash", "first"));
        Assert.Equal(60, (await answers.FindAsync(_account, "hash", "second"))!.Value.Length);
        Assert.Equal(60, await SumAsync());
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task Answer_BeyondTheShareOfItsPartition_IsNotKept(int bytes, bool isKept)
    {
        var answers = Answers(16 * 160);
        Assert.True(await answers.KeepAsync(_account, "before", "before", Bytes(60)));
        Assert.Equal(isKept, await answers.KeepAsync(_account, "hash", "request", Bytes(bytes)));
        Assert.Equal(isKept, await answers.FindAsync(_account, "hash", "request") is not null);
        Assert.Equal(isKept ? 160 : 60, await SumAsync());
    }

    [Theory]
    [InlineData(262_144, true)]
    [InlineData(262_145, false)]
    public async Task Answer_LargerThanOneMayBe_IsNotKept(int bytes, bool isKept) =>
        Assert.Equal(isKept, await Answers(1L << 30).KeepAsync(_account, "hash", "request", Bytes(bytes)));

    [Fact]
    public async Task Answer_ThatHasEnded_LeavesItsBytesToOthers()
    {
        var answers = Answers(16 * 100);
        Assert.True(await answers.KeepAsync(_account, "hash", "request", Bytes(100)));
        Assert.False(await answers.KeepAsync(_account, "next", "next", Bytes(1)));

        // As after a day.
        await redis.Connection.ExecuteAsync("DEL", Name("hash"));
        await redis.Connection.ExecuteAsync(
            "ZADD", (RedisKey)PartitionMap.KeptAnswers(s_map.Of(_account)), 1, PartitionMap.NameOfAnswer(_account, "hash"));
        Assert.True(await answers.KeepAsync(_account, "next", "next", Bytes(100)));
        Assert.Equal(100, await SumAsync());

        // And one that takes its own place after that day.
        await redis.Connection.ExecuteAsync(
            "ZADD", (RedisKey)PartitionMap.KeptAnswers(s_map.Of(_account)), 1, PartitionMap.NameOfAnswer(_account, "next"));
        Assert.True(await answers.KeepAsync(_account, "next", "again", Bytes(40)));
        Assert.Equal(40, await SumAsync());
    }

    [Fact]
    public async Task Keep_WhileRedisIsAway_IsNoFailure()
    {
        await using var away = new RedisConnection(
            "127.0.0.1:1,connectTimeout=100", TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var answers = new KeptAnswers(away, s_map, 1_000_000);
        Assert.False(await answers.KeepAsync(_account, "hash", "request", Bytes(1)));
        Assert.Null(await answers.FindAsync(_account, "hash", "request"));
    }

    private KeptAnswers Answers(long mostBytes)
    {
        // Accounts of other tests may share the partition, whose sum this one counts on.
        redis.Connection.ExecuteAsync(
            "DEL", (RedisKey)PartitionMap.KeptAnswers(s_map.Of(_account)), (RedisKey)PartitionMap.KeptBytes(s_map.Of(_account))).Wait();
        return new KeptAnswers(redis.Connection, s_map, mostBytes);
    }

    private RedisKey Name(string hash) => PartitionMap.KeptAnswer(s_map.Of(_account), _account, hash);

    private async Task<long> SumAsync() =>
        (long)(await redis.Connection.ExecuteAsync("HGET", (RedisKey)PartitionMap.KeptBytes(s_map.Of(_account)), "")).Result!;

    private static byte[] Bytes(int count) => Encoding.UTF8.GetBytes(new string('x', count));
}
