using MeteringGateway.FunctionalTests.Engine.Model;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// A hold that begins with the number of its format, as the next release writes it: every script that reads holds does with it as with
/// one that has none, as this release writes it for the gateways of the version before.
/// </summary>
public sealed class HoldFormatTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;

    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    [Theory]
    [InlineData("commit")]
    [InlineData("release")]
    [InlineData("tombstone-6")]
    [InlineData("reserve")]
    [InlineData("sum-holds-3")]
    [InlineData("load of the account")]
    [InlineData("load of the key")]
    public async Task Hold_WithItsNumber_ReadsAsOneWithout(string script)
    {
        var (now, next) = (await HeldAsync(script), await HeldAsync(script, number: "v1|"));
        var (answer, numbered) = (await RunAsync(now, script), await RunAsync(next, script));
        Assert.Equal(1, answer[0]);
        Assert.Equal(Shown(answer), Shown(numbered));

        // Of what is held: entries and deadlines have the time in them.
        Assert.Equal(await CountedAsync(now), await CountedAsync(next));

        long[] Shown(long[] values) => script == "commit" || script == "reserve" ? [values[0], .. values[3..]] : values;
    }

    [Fact]
    public async Task HoldsAndEntries_AreWrittenAsTheVersionBeforeReadsThem()
    {
        var store = await HeldAsync("commit");
        var hold = (string)(await store.Redis.ExecuteAsync("HGET", (RedisKey)PartitionMap.Holds(store.Number), "r")).Result!;
        Assert.Matches(@"^1\|1\|10\|\d+\|\d+\|\d+\|\d+$", hold);

        await RunAsync(store, "commit");
        await store.ReverseAsync(s_caller, "r", 1, 1, 7, new SpendWindows(1, 1, 1));
        await store.CreditAsync(s_caller, "c", 1, 5);
        var entries = (string[])(await store.Redis.ExecuteAsync("LRANGE", (RedisKey)PartitionMap.Outbox(store.Number), 0, -1)).Result!;
        Assert.Equal(3, entries.Length);
        Assert.All(entries, entry => Assert.Matches(@"^\d+\|7\|1\|1?\|-?\d+\|\d+\|1?\|1?\|1?\|\{", entry));
    }

    [Theory]
    [InlineData("load of the account", 3)]
    [InlineData("load of the key", 3)]
    [InlineData("sum-holds-3", 2)]
    public async Task Hold_OfANewerFormat_LeavesWhatIsHeldUnsaid(string script, long otherFormat)
    {
        // Whose it is can't be known: as much as it holds could be spent twice by an account that is loaded without it.
        var store = await HeldAsync(script, number: "v2|");
        var before = await StoreText.WholeAsync(store);
        Assert.Equal(otherFormat, (await RunAsync(store, script))[0]);
        Assert.Equal(before, await StoreText.WholeAsync(store));
    }

    /// <summary>An account with 1,000 credits, a key, and a call that holds 10 of them.</summary>
    private async Task<ScriptPartition> HeldAsync(string script, string number = "")
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        await LoadAccountAsync(store);
        await LoadKeyAsync(store);
        await store.ReserveAsync(s_caller, "r", 1, 1, 10, 30_000, 1, "search", 1_000);
        RedisKey holds = PartitionMap.Holds(store.Number);
        var packed = (string)(await store.Redis.ExecuteAsync("HGET", holds, "r")).Result!;
        await store.Redis.ExecuteAsync("HSET", holds, "r", number + packed);

        if (script.StartsWith("load ", StringComparison.Ordinal))
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
        "commit" => store.CommitAsync(s_caller, "r", 1, 1, 7, new SpendWindows(1, 1, 1), again: false),
        "release" => store.ReleaseAsync(s_caller, "r", 1, 1, expiredOnly: false),
        "tombstone-6" => store.TombstoneAsync(s_caller, "r", 1, 1),
        "reserve" => store.ReserveAsync(s_caller, "r", 1, 1, 10, 30_000, 1, "search", 1_000),
        "sum-holds-3" => store.SumHoldsAsync(s_caller, 1),
        "load of the account" => LoadAccountAsync(store),
        "load of the key" => LoadKeyAsync(store),
        _ => throw new ArgumentOutOfRangeException(nameof(script)),
    };

    private static async Task<string> CountedAsync(ScriptPartition store)
    {
        var lines = (await StoreText.WholeAsync(store)).Split('\n')
            .Where(line => line.Contains(":a:", StringComparison.Ordinal) || line.Contains(":k:", StringComparison.Ordinal));
        return string.Join('\n', lines).Replace($"{{p{store.Number}}}", "", StringComparison.Ordinal);
    }
}
