using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Engine.Model;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>Many operations in one script: each is decided after those before it, and each is answered on its own.</summary>
public sealed class BatchScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;
    private const long Backlog = 1_000;
    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    [Fact]
    public async Task Account_ManyTimesInABatch_IsCountedEachTime()
    {
        var store = await LoadedAsync(balance: 100);
        var reserved = await store.RunAllAsync(0, Backlog, [.. Enumerable.Range(0, 10).Select(i => Reserve(store, $"r{i}", 15))]);
        Assert.Equal(
            [.. Enumerable.Repeat((long)ReserveStatus.Reserved, 6), .. Enumerable.Repeat((long)ReserveStatus.CreditsReserved, 4)],
            reserved.Select(answer => answer[0]));
        Assert.Equal([15L, 30, 45, 60, 75, 90, 90, 90, 90, 90], reserved.Select(answer => answer[4]));

        var windows = Windows(reserved[0]);
        var committed = await store.RunAllAsync(
            0, Backlog, [.. Enumerable.Range(0, 6).Select(i => store.Commit(s_caller, $"r{i}", 1, 1, 10, windows, again: false))]);
        Assert.Equal([(90L, 75L), (80, 60), (70, 45), (60, 30), (50, 15), (40, 0)], committed.Select(answer => (answer[3], answer[4])));
        Assert.Equal(["90", "80", "70", "60", "50", "40"], (await OutboxAsync(store)).Select(entry => entry.Split('|')[5]));
    }

    [Fact]
    public async Task Limit_OfAKey_HoldsToTheCreditWithinABatch()
    {
        var store = await LoadedAsync(balance: 1_000, daily: 40);
        var answers = await store.RunAllAsync(
            0, Backlog, Reserve(store, "a", 30), Reserve(store, "b", 11), Reserve(store, "c", 10), Reserve(store, "d", 1));
        Assert.Equal([1L, (long)ReserveStatus.DailyLimit, 1, (long)ReserveStatus.DailyLimit], answers.Select(answer => answer[0]));
    }

    [Fact]
    public async Task Operation_ThatCannotBeDone_StopsNoOther()
    {
        var store = await LoadedAsync(balance: 100);
        await store.Redis.ExecuteAsync("HSET", (RedisKey)PartitionMap.Holds(store.Number), "bad", "1|1|10|damage");
        var answers = await store.RunAllAsync(
            0, Backlog, Reserve(store, "a", 10), store.Commit(s_caller, "bad", 1, 1, 5, default, again: false), Reserve(store, "none", 0),
            store.Reserve(s_caller, "unknown", 2, 2, 10, 30_000, 1, "search"), store.Release(s_caller, "gone", 1, 1, expiredOnly: false),
            Reserve(store, "b", 20));
        Assert.Equal(
            [1L, ScriptPartition.Malformed, ScriptPartition.Malformed, ScriptAnswer.NotLoaded, (long)ReleaseStatus.Resolved, 1],
            answers.Select(answer => answer[0]));
        Assert.Equal(30, answers[^1][4]);
    }

    [Fact]
    public async Task Batch_ThatWrites_RaisesTheWriteSequenceOnce()
    {
        var store = await LoadedAsync(balance: 100);
        var before = (await store.SumHoldsAsync(s_caller, 1))[1];
        var written = await store.RunAllAsync(0, Backlog, Reserve(store, "a", 10), Reserve(store, "b", 10));
        Assert.Equal([before + 1, before + 1], written.Select(answer => answer[1]));
        var refused = await store.RunAllAsync(0, Backlog, Reserve(store, "c", 1_000), Reserve(store, "d", 1_000));
        Assert.Equal([before + 1, before + 1], refused.Select(answer => answer[1]));
    }

    [Theory]
    [InlineData("fenced")]
    [InlineData("behind")]
    [InlineData("no meta")]
    [InlineData("no holds")]
    [InlineData("no outbox")]
    [InlineData("raises")]
    public async Task Partition_ThatCannotBeServed_IsRefusedAlone(string why)
    {
        var (store, other) = (await LoadedAsync(balance: 100), await LoadedAsync(balance: 100, account: 2));
        var (caller, seen) = (s_caller, 0L);
        var held = (await store.RunAllAsync(0, Backlog, Reserve(store, "held", 1)))[0];
        switch (why)
        {
            case "fenced":
                caller = new ScriptCaller(Epoch - 1, 0);
                break;
            case "behind":
                seen = 1_000;
                break;
            case "no meta":
                await store.Redis.ExecuteAsync("SET", (RedisKey)PartitionMap.Meta(store.Number), "damage");
                break;
            case "no holds":
                await store.Redis.ExecuteAsync("SET", (RedisKey)PartitionMap.Holds(store.Number), "damage");
                break;
            case "no outbox":
                await store.Redis.ExecuteAsync("SET", (RedisKey)PartitionMap.Outbox(store.Number), "damage");
                break;
        }

        var before = await StoreText.WholeAsync(store);
        CallOperation second = why switch
        {
            "raises" => new UnknownOperation(store.Number, Epoch),
            "no outbox" => store.Commit(caller, "held", 1, 1, 1, Windows(held), again: false),
            _ => store.Reserve(caller, "b", 1, 1, 10, 30_000, 1, "search"),
        };
        var answers = await store.RunAllAsync(
            partition => partition == store.Number ? seen : 0, Backlog,
            store.Reserve(caller, "a", 1, 1, 10, 30_000, 1, "search"), second, other.Reserve(s_caller, "c", 2, 2, 10, 30_000, 1, "search"));

        var expected = why is "fenced" or "behind" or "no meta" ? ScriptAnswer.Fenced : ScriptPartition.Broken;
        Assert.Equal([expected, expected, 1], answers.Select(answer => answer[0]));
        Assert.Equal(before, await StoreText.WholeAsync(store));
        Assert.Equal([100L, 10, 10], (await other.SumHoldsAsync(s_caller, 2)).Skip(2));
    }

    [Theory]
    [InlineData("raises", true)]
    [InlineData("raises", false)]
    [InlineData("no outbox", true)]
    [InlineData("no outbox", false)]
    public async Task Partition_ThatFailsWithACharge_LeavesThoseOfAnotherWhereTheyBelong(string why, bool isFirst)
    {
        var (one, two) = (await LoadedAsync(balance: 100), await LoadedAsync(balance: 100));
        var (bad, good) = isFirst == one.Number < two.Number ? (one, two) : (two, one);
        var windows = Windows((await bad.RunAllAsync(0, Backlog, Reserve(bad, "charged", 9)))[0]);
        await good.RunAllAsync(0, Backlog, Reserve(good, "other", 8));
        if (why == "no outbox")
        {
            await bad.Redis.ExecuteAsync("SET", (RedisKey)PartitionMap.Outbox(bad.Number), "damage");
        }

        var before = await StoreText.WholeAsync(bad);
        CallOperation[] failing =
        [
            Reserve(bad, "made", 5), bad.Commit(s_caller, "charged", 1, 1, 4, windows, again: true),
            .. why == "raises" ? [new UnknownOperation(bad.Number, Epoch)] : Array.Empty<CallOperation>(),
        ];
        CallOperation[] served = [Reserve(good, "b", 7), good.Commit(s_caller, "other", 1, 1, 3, windows, again: true)];
        var answers = await good.RunAllAsync(0, Backlog, isFirst ? [.. failing, .. served] : [.. served, .. failing]);

        Assert.Equal(
            isFirst ? [.. failing.Select(_ => ScriptPartition.Broken), 1, 1] : [1, 1, .. failing.Select(_ => ScriptPartition.Broken)],
            answers.Select(answer => answer[0]));
        Assert.Equal(before, await StoreText.WholeAsync(bad));
        Assert.Equal("-3", Assert.Single(await OutboxAsync(good)).Split('|')[4]);
        Assert.Equal([97L, 7, 7], (await good.SumHoldsAsync(s_caller, 1)).Skip(2));
        var marker = await good.Redis.ExecuteAsync("EXISTS", (RedisKey)PartitionMap.IdempotencyKey(good.Number, "other"));
        Assert.Equal(1, (long)marker.Result!);
    }

    [Fact]
    public async Task Call_WithinOneBatch_IsReservedAndChargedOnce()
    {
        var store = await LoadedAsync(balance: 100);
        var windows = Windows((await store.RunAllAsync(0, Backlog, Reserve(store, "first", 1)))[0]);
        var answers = await store.RunAllAsync(
            0, Backlog, Reserve(store, "r", 10), store.Commit(s_caller, "r", 1, 1, 10, windows, again: true),
            store.Commit(s_caller, "r", 1, 1, 10, windows, again: true), store.Commit(s_caller, "r", 1, 1, 10, windows, again: false),
            store.Release(s_caller, "r", 1, 1, expiredOnly: false));
        Assert.Equal([1L, 1, 2, 2, 2], answers.Select(answer => answer[0]));
        Assert.Single(await OutboxAsync(store));
        Assert.Equal([90L, 1, 1], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
    }

    [Fact]
    public async Task Backlog_CountsTheEntriesOfTheBatch()
    {
        var store = await LoadedAsync(balance: 100);
        var windows = Windows((await store.RunAllAsync(0, Backlog, Reserve(store, "a", 1)))[0]);
        var answers = await store.RunAllAsync(
            0, 1, Reserve(store, "b", 1), store.Commit(s_caller, "a", 1, 1, 1, windows, again: false), Reserve(store, "c", 1));
        Assert.Equal([1L, 1, (long)ReserveStatus.BacklogFull], answers.Select(answer => answer[0]));
    }

    [Fact]
    public async Task Batch_OfTheLargestSize_IsDone()
    {
        var store = await LoadedAsync(balance: 100_000);
        for (var account = 2; account <= CallLane.MostOperations; account++)
        {
            await LoadAsync(store, account, 100, -1);
        }

        var reserved = await store.RunAllAsync(0, Backlog, [.. Enumerable.Range(1, CallLane.MostOperations).Select(account =>
            store.Reserve(
                s_caller, $"r{account}", account, account, 7, 30_000, 1, "search", new IdempotencyTicket($"hash{account}", "print")))]);
        Assert.All(reserved, answer => Assert.Equal((1, 7), (answer[0], answer[4])));
        var committed = await store.RunAllAsync(0, Backlog, [.. Enumerable.Range(1, CallLane.MostOperations).Select(account =>
            store.Commit(
                s_caller, $"r{account}", account, account, 7, Windows(reserved[0]), again: true,
                new IdempotencyTicket($"hash{account}", "print")))]);
        Assert.All(committed, answer => Assert.Equal((1, 0), (answer[0], answer[4])));
        Assert.Equal(CallLane.MostOperations, (await OutboxAsync(store)).Length);
    }

    [Fact]
    public async Task Extension_OfAHold_MovesItsDeadlineAndNeverBack()
    {
        var store = await LoadedAsync(balance: 100);
        Assert.Equal(2, (await store.ExtendAsync(s_caller, "r", 1, 1, 1_000))[0]);
        var reserved = await store.ReserveAsync(s_caller, "r", 1, 1, 10, 30_000, 1, "search", Backlog);
        var extended = await store.ExtendAsync(s_caller, "r", 1, 1, 90_000);
        Assert.InRange(extended[2] - reserved[2], 90_000, 100_000);
        Assert.Equal(extended[2], (await store.ExtendAsync(s_caller, "r", 1, 1, 1_000))[2]);
        Assert.Equal(3, (await store.ReleaseAsync(s_caller, "r", 1, 1, expiredOnly: true))[0]);
        Assert.Equal([100L, 10, 10], (await store.SumHoldsAsync(s_caller, 1)).Skip(2));
        Assert.Equal(1, (await store.CommitAsync(s_caller, "r", 1, 1, 10, Windows(reserved), again: false))[0]);
    }

    private static ReserveOperation Reserve(ScriptPartition store, string id, long amount) =>
        store.Reserve(s_caller, id, 1, 1, amount, 30_000, 1, "search");

    private static SpendWindows Windows(long[] answer) => new(answer[5], answer[6], answer[7]);

    private static async Task<string[]> OutboxAsync(ScriptPartition store) =>
        (string[])(await store.Redis.ExecuteAsync("LRANGE", (RedisKey)PartitionMap.Outbox(store.Number), 0, -1)).Result!;

    private async Task<ScriptPartition> LoadedAsync(long balance, long daily = -1, long account = 1)
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        await LoadAsync(store, account, balance, daily);
        return store;
    }

    /// <summary>An account, and a key of the same number.</summary>
    private static async Task LoadAsync(ScriptPartition store, long account, long balance, long daily)
    {
        await store.LoadAccountAsync(s_caller, account, balance, "active", 1, -1, 0, 0);
        await store.LoadKeyAsync(s_caller, account, 1, "active", 1, 0, 0, "", 0, -1, daily, -1, -1, 0, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>A kind that the script does not know: it raises where the operation is decided.</summary>
    private sealed class UnknownOperation(int partition, long epoch) : CallOperation(partition, epoch, "x", 1, 1)
    {
        public override int Kind => 9;

        public override string SentPoint => "none";

        public override bool Knows(int code) => false;

        public override void Write(BatchRequest batch, BatchBuffer buffer)
        {
        }
    }
}
