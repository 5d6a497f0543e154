using MeteringGateway.FunctionalTests.Engine.Model;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// A hold that was made before holds had a number of their format: every script that reads holds does with it as with a new one.
/// </summary>
public sealed class HoldFormatTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;

    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    [Theory]
    [InlineData("commit-6")]
    [InlineData("release-4")]
    [InlineData("abandon-5")]
    [InlineData("reserve-5")]
    [InlineData("weigh-3")]
    [InlineData("load-account-3")]
    [InlineData("load-key-3")]
    public async Task Hold_WithoutANumber_ReadsAsOneWithIt(string script)
    {
        var (now, before) = (await HeldAsync(script, isOld: false), await HeldAsync(script, isOld: true));
        var (answer, old) = (await RunAsync(now, script), await RunAsync(before, script));
        Assert.Equal(1, answer[0]);
        Assert.Equal(Shown(answer), Shown(old));

        // Of what is held: entries and deadlines have the time in them.
        Assert.Equal(await CountedAsync(now), await CountedAsync(before));

        long[] Shown(long[] values) => script == "commit-6" || script == "reserve-5" ? [values[0], .. values[3..]] : values;
    }

    [Fact]
    public async Task Hold_ThatIsMadeNow_BeginsWithItsNumber()
    {
        var store = await HeldAsync("release-4", isOld: false);
        var packed = (string)(await store.Redis.ExecuteAsync("HGET", (RedisKey)PartitionMap.Holds(store.Number), "r")).Result!;
        Assert.StartsWith("v1|1|1|10|", packed, StringComparison.Ordinal);
    }

    /// <summary>An account with 1,000 credits, a key, and a call that holds 10 of them.</summary>
    private async Task<ScriptPartition> HeldAsync(string script, bool isOld)
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        await LoadAccountAsync(store);
        await LoadKeyAsync(store);
        await store.ReserveAsync(s_caller, "r", 1, 1, 10, 30_000, 1, "search", 1_000);
        RedisKey holds = PartitionMap.Holds(store.Number);
        var packed = (string)(await store.Redis.ExecuteAsync("HGET", holds, "r")).Result!;
        if (isOld)
        {
            await store.Redis.ExecuteAsync("HSET", holds, "r", packed[3..]);
        }

        if (script.StartsWith("load-", StringComparison.Ordinal))
        {
            await store.Redis.ExecuteAsync(
                "DEL", (RedisKey)PartitionMap.Account(store.Number, 1), (RedisKey)PartitionMap.Key(store.Number, 1));
        }

        return store;
    }

    private static Task<long[]> LoadAccountAsync(ScriptPartition store) =>
        store.LoadAccountAsync(s_caller, 1, 1_000, "active", 1, -1, 0, 0);

    private static Task<long[]> LoadKeyAsync(ScriptPartition store) =>
        store.LoadKeyAsync(s_caller, 1, 1, "active", 1, 0, 0, "", 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0);

    private static Task<long[]> RunAsync(ScriptPartition store, string script) => script switch
    {
        "commit-6" => store.CommitAsync(s_caller, "r", 1, 1, 7, new SpendWindows(1, 1, 1), again: false),
        "release-4" => store.ReleaseAsync(s_caller, "r", 1, 1, expiredOnly: false),
        "abandon-5" => store.AbandonAsync(s_caller, "r", 1, 1),
        "reserve-5" => store.ReserveAsync(s_caller, "r", 1, 1, 10, 30_000, 1, "search", 1_000),
        "weigh-3" => store.WeighAsync(s_caller, 1),
        "load-account-3" => LoadAccountAsync(store),
        "load-key-3" => LoadKeyAsync(store),
        _ => throw new ArgumentOutOfRangeException(nameof(script)),
    };

    private static async Task<string> CountedAsync(ScriptPartition store)
    {
        var lines = (await StoreText.WholeAsync(store)).Split('\n')
            .Where(line => line.Contains(":a:", StringComparison.Ordinal) || line.Contains(":k:", StringComparison.Ordinal));
        return string.Join('\n', lines).Replace($"{{p{store.Number}}}", "", StringComparison.Ordinal);
    }
}
