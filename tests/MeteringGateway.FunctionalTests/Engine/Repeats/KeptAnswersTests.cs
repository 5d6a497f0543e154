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
        var answers = Answers(1_000_000);
        Assert.True(await answers.KeepAsync(_account, "hash", "second", Bytes(60)));
        var size = await SumAsync();
        Assert.True(await answers.KeepAsync(_account, "hash", "first", Bytes(1_000)));
        Assert.InRange(await SumAsync() - size, 800, 1_200);
        Assert.True(await answers.KeepAsync(_account, "hash", "second", Bytes(60)));
        Assert.Null(await answers.FindAsync(_account, "hash", "first"));
        Assert.Equal(60, (await answers.FindAsync(_account, "hash", "second"))!.Value.Length);
        Assert.Equal((size, size), (await SumAsync(), await SumAsync(_account)));
    }

    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(true, -1, false)]
    [InlineData(false, 0, true)]
    [InlineData(false, -1, false)]
    public async Task Answer_BeyondTheShareOfItsPartition_IsNotKept(bool isPaid, int room, bool isKept)
    {
        var answers = Answers(1_000_000_000);
        Assert.True(await answers.KeepAsync(_account, "before", "before", Bytes(60), isPaid));
        var size = await SumAsync(isPaid: isPaid);
        answers = new KeptAnswers(redis.Connection, s_map, 16 * BytesFor((2 * size) + room, isPaid));
        Assert.Equal(isKept, await answers.KeepAsync(_account, "behind", "behind", Bytes(60), isPaid));
        Assert.Equal(isKept, await answers.FindAsync(_account, "behind", "behind") is not null);
        Assert.Equal(isKept ? 2 * size : size, await SumAsync(isPaid: isPaid));
    }

    /// <summary>What costs nothing and what is paid for have each their own bytes: neither takes the other's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_OfOneKind_TakeNoRoomOfTheOther(bool isFull)
    {
        var answers = Answers(16 * 16 * 1_500);
        var count = 0;
        while (await answers.KeepAsync(_account, $"{count}", "request", Bytes(60), isPaid: isFull))
        {
            count++;
        }

        Assert.InRange(count, 1, 50);
        Assert.True(await answers.KeepAsync(_account, "other", "request", Bytes(60), isPaid: !isFull));
    }

    [Fact]
    public async Task Answers_OfOneAccount_LeaveRoomForThoseOfOthers()
    {
        // A partition's share is 3.75 MiB; the account's is a quarter, two answers of the largest size and not three.
        var answers = Answers(16 * (4 << 20));
        var other = _account + 1;
        while (s_map.Of(other) != s_map.Of(_account))
        {
            other++;
        }

        bool[] kept = [await KeepAsync(_account, "1"), await KeepAsync(_account, "2"), await KeepAsync(_account, "3")];
        Assert.Equal([true, true, false], kept);
        Assert.True(await KeepAsync(other, "1"));
        Assert.Equal(await SumAsync(), await SumAsync(_account) + await SumAsync(other));

        Task<bool> KeepAsync(long account, string hash) => answers.KeepAsync(account, hash, "request", Bytes(KeptAnswers.LargestAnswer));
    }

    /// <summary>However small the part of an account is, one answer of the largest size is kept where the partition has room.</summary>
    [Fact]
    public async Task Answer_OfTheLargestSize_FitsIntoThePartOfAFreeCall() => Assert.True(
        await Answers(256L << 20).KeepAsync(_account, "hash", "request", Bytes(KeptAnswers.LargestAnswer), isPaid: false));

    [Theory]
    [InlineData(KeptAnswers.LargestAnswer, true)]
    [InlineData(KeptAnswers.LargestAnswer + 1, false)]
    public async Task Answer_LargerThanOneMayBe_IsNotKept(int bytes, bool isKept) =>
        Assert.Equal(isKept, await Answers(1L << 30).KeepAsync(_account, "hash", "request", Bytes(bytes)));

    /// <summary>The bound is one of memory: what Redis says that the answers take is no more than what is counted.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1_025)]
    [InlineData(KeptAnswers.LargestBody)]
    public async Task Bytes_ThatAreCounted_AreThoseThatRedisTakes(int bytes)
    {
        const int Count = 200;
        var answers = Answers(1L << 40);
        var hash = new string('h', 60);
        for (var i = 0; i < Count; i++)
        {
            Assert.True(await answers.KeepAsync(_account, $"{hash}{i:0000}", Guid.CreateVersion7().ToString("N"), Bytes(bytes)));
        }

        var partition = s_map.Of(_account);
        var taken = await MemoryAsync(PartitionMap.KeptAnswers(partition, true))
            + await MemoryAsync(PartitionMap.KeptBytes(partition, true)) + (Count * await MemoryAsync(Name($"{hash}0007").ToString()));
        Assert.InRange(await SumAsync(), taken, taken + (Count * 500));
    }

    [Fact]
    public async Task Answer_ThatHasEnded_LeavesItsBytesToOthers()
    {
        var answers = Answers(1_000_000_000);
        Assert.True(await answers.KeepAsync(_account, "hash", "request", Bytes(100)));
        var size = await SumAsync();
        answers = new KeptAnswers(redis.Connection, s_map, 16 * BytesFor(size, isPaid: true));
        Assert.False(await answers.KeepAsync(_account, "next", "next", Bytes(1)));

        // As after a day.
        await EndAsync("hash");
        Assert.True(await answers.KeepAsync(_account, "next", "next", Bytes(80)));
        Assert.InRange(await SumAsync(), 1, size);

        // And one that takes its own place after that day.
        var before = await SumAsync();
        await EndAsync("next");
        Assert.True(await answers.KeepAsync(_account, "next", "next", Bytes(80)));
        Assert.Equal((before, before), (await SumAsync(), await SumAsync(_account)));

        async Task EndAsync(string hash)
        {
            await redis.Connection.ExecuteAsync("DEL", Name(hash));
            await redis.Connection.ExecuteAsync(
                "ZADD", (RedisKey)PartitionMap.KeptAnswers(s_map.Of(_account), true), 1, PartitionMap.NameOfAnswer(_account, hash));
        }
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
        // Accounts of other tests may share the partition, whose sums this one counts on.
        var partition = s_map.Of(_account);
        foreach (var isPaid in new[] { true, false })
        {
            redis.Connection.ExecuteAsync(
                "DEL", (RedisKey)PartitionMap.KeptAnswers(partition, isPaid), (RedisKey)PartitionMap.KeptBytes(partition, isPaid)).Wait();
        }

        return new KeptAnswers(redis.Connection, s_map, mostBytes);
    }

    /// <summary>The least bytes of a partition of which so many are for a kind.</summary>
    private static long BytesFor(long all, bool isPaid)
    {
        var bytes = all;
        while (KeptAnswers.Shares(bytes, isPaid).All < all)
        {
            bytes++;
        }

        return bytes;
    }

    private RedisKey Name(string hash) => PartitionMap.KeptAnswer(s_map.Of(_account), _account, hash);

    private async Task<long> MemoryAsync(string key) =>
        (long)(await redis.Connection.ExecuteAsync("MEMORY", "USAGE", (RedisKey)key, "SAMPLES", 0)).Result!;

    private async Task<long> SumAsync(long? account = null, bool isPaid = true) => (long)(await redis.Connection.ExecuteAsync(
        "HGET", (RedisKey)PartitionMap.KeptBytes(s_map.Of(_account), isPaid), $"{account}")).Result!;

    private static byte[] Bytes(int count) => Encoding.UTF8.GetBytes(new string('x', count));
}
