using System.Globalization;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Engine.Model;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// What a script meets that it can't work with must not leave half of its work behind: Lua doesn't roll back, and a charge without its
/// entry, or an entry without its charge, is money lost. Each script that writes, with each of its keys damaged.
/// </summary>
public sealed class ScriptDamageTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;
    private const long Done = 1;
    private const long Outrun = 2;

    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    private static readonly (string Script, string Damaged, long Code)[] s_damages =
    [
        ("reserve", "meta", ScriptAnswer.Fenced),
        ("reserve", "account", ScriptAnswer.NotLoaded),
        ("reserve", "key", ScriptAnswer.NotLoaded),
        ("reserve", "holds", ScriptPartition.Broken),
        ("reserve", "hold r", ScriptPartition.Malformed),
        ("reserve", "hold of another format", ScriptPartition.Malformed),
        ("reserve", "format of the account", ScriptAnswer.NotLoaded),
        ("reserve", "format of the key", ScriptAnswer.NotLoaded),
        ("commit", "meta", ScriptAnswer.Fenced),
        ("commit", "account", ScriptAnswer.NotLoaded),
        ("commit", "key", ScriptAnswer.NotLoaded),
        ("commit", "holds", ScriptPartition.Broken),
        ("commit", "outbox", ScriptPartition.Broken),
        ("commit", "hold r", ScriptPartition.Malformed),
        ("commit", "hold of another format", ScriptPartition.Malformed),
        ("commit", "format of the account", ScriptAnswer.NotLoaded),
        ("commit", "format of the key", ScriptAnswer.NotLoaded),
        ("admit", "meta", ScriptAnswer.Fenced),
        ("admit", "account", ScriptAnswer.NotLoaded),
        ("admit", "key", ScriptAnswer.NotLoaded),
        ("admit", "holds", ScriptPartition.Broken),
        ("admit", "format of the account", ScriptAnswer.NotLoaded),
        ("admit", "format of the key", ScriptAnswer.NotLoaded),
        ("extend", "meta", ScriptAnswer.Fenced),
        ("extend", "holds", ScriptPartition.Broken),
        ("extend", "hold r", ScriptPartition.Malformed),
        ("extend", "hold of another format", ScriptPartition.Malformed),
        ("release", "meta", ScriptAnswer.Fenced),
        ("release", "account", ScriptAnswer.NotLoaded),
        ("release", "key", ScriptAnswer.NotLoaded),
        ("release", "holds", ScriptPartition.Broken),
        ("release", "hold r", ScriptPartition.Malformed),
        ("release", "hold of another format", ScriptPartition.Malformed),
        ("release", "format of the account", ScriptAnswer.NotLoaded),
        ("release", "format of the key", ScriptAnswer.NotLoaded),
        ("tombstone-6", "meta", ScriptAnswer.Fenced),
        ("tombstone-6", "account", ScriptAnswer.NotLoaded),
        ("tombstone-6", "key", ScriptAnswer.NotLoaded),
        ("tombstone-6", "holds", ScriptPartition.Broken),
        ("tombstone-6", "hold r", ScriptPartition.Malformed),
        ("tombstone-6", "hold of another format", ScriptPartition.Malformed),
        ("tombstone-6", "format of the account", ScriptAnswer.NotLoaded),
        ("tombstone-6", "format of the key", ScriptAnswer.NotLoaded),
        ("credit-4", "meta", ScriptAnswer.Fenced),
        ("credit-4", "account", ScriptAnswer.NotLoaded),
        ("credit-4", "outbox", ScriptPartition.Broken),
        ("credit-4", "marker", ScriptPartition.Malformed),
        ("reverse-6", "meta", ScriptAnswer.Fenced),
        ("reverse-6", "account", ScriptAnswer.NotLoaded),
        ("reverse-6", "key", ScriptAnswer.NotLoaded),
        ("reverse-6", "outbox", ScriptPartition.Broken),
        ("reverse-6", "marker", ScriptPartition.Malformed),
        ("reverse-6", "format of the account", ScriptAnswer.NotLoaded),
        ("reverse-6", "format of the key", ScriptAnswer.NotLoaded),
        ("load-3", "meta", ScriptAnswer.Fenced),
        ("load-3", "holds", ScriptPartition.Broken),
        ("configure-account-2", "meta", ScriptAnswer.Fenced),
        ("configure-account-2", "account", ScriptAnswer.NotLoaded),
        ("configure-key-2", "meta", ScriptAnswer.Fenced),
        ("configure-key-2", "key", ScriptAnswer.NotLoaded),
        ("open-1", "meta", Outrun),
        ("drop-holds-2", "meta", Outrun),
        ("drop-holds-2", "holds", ScriptPartition.Broken),
        ("trim-2", "outbox", ScriptPartition.Broken),
        ("keep-3", "answers", ScriptPartition.Broken),
        ("keep-3", "bytes", ScriptPartition.Broken),
        ("claim-4", "holds", ScriptPartition.Broken),
        ("claim-4", "open", ScriptPartition.Broken),
        ("claim-4", "done", ScriptPartition.Broken),
        ("close-claim-3", "open", ScriptPartition.Broken),
        ("close-claim-3", "done", ScriptPartition.Broken),

        // These replace what they find as a whole.
        ("fence-1", "meta", Done),
        ("load-3", "account", Done),
        ("trim-2", "committed", Done),
        ("tombstone-6", "marker", Done),
        ("tombstone-6", "record", Done),
        ("reverse-6", "record", Done),
        ("commit", "marker", Done),
        ("keep-3", "answer", Done),
        ("claim-4", "claim", Done),
        ("close-claim-3", "claim", Outrun),
    ];

    public static TheoryData<string, string, long> Refused => Cases(code => code != Done);

    public static TheoryData<string, string, long> Replaced => Cases(code => code == Done);

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Script_ThatMeetsDamage_WritesNothing(string script, string damaged, long code)
    {
        var (store, windows) = await LoadedAsync(script);
        await DamageAsync(store, script, damaged);
        var before = await StoreText.WholeAsync(store);
        Assert.Equal(code, await RunAsync(store, script, damaged, windows));
        Assert.Equal(before, await StoreText.WholeAsync(store));
    }

    [Theory]
    [MemberData(nameof(Replaced))]
    public async Task Script_ThatReplacesTheDamage_LeavesNoneBehind(string script, string damaged, long code)
    {
        var (store, windows) = await LoadedAsync(script);
        await DamageAsync(store, script, damaged);
        Assert.Equal(code, await RunAsync(store, script, damaged, windows));
        Assert.DoesNotContain("damage", await StoreText.WholeAsync(store), StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_ThatWrite_AreAllHereWithAllTheirKeys()
    {
        // The key of the probe is nothing of the money, and it replaces whatever is there. A batch is here by its operations.
        var writing = typeof(RedisScript).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".lua", StringComparison.Ordinal) && name.Contains('-', StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name))
            .Where(name => name is not ("probe-1" or "calls-4" or "settle-4"))
            .Where(name => !RedisScript.Load(name).Text.Contains("flags=no-writes", StringComparison.Ordinal));
        var keys = s_damages.Where(damage => !damage.Damaged.Contains(' ', StringComparison.Ordinal)).GroupBy(damage => damage.Script);
        var batched = new[] { "reserve", "commit", "release", "extend", "admit" };
        Assert.Equal(writing.Concat(batched).Order(), keys.Select(group => group.Key).Order());
        var single = keys.Where(group => !batched.Contains(group.Key) && group.Key != "load-3");
        Assert.All(single, group => Assert.Equal(group.Key[^1..], group.Count().ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>An account with 1,000 credits, a key, and a call that holds 10 of them.</summary>
    private async Task<(ScriptPartition Store, SpendWindows Windows)> LoadedAsync(string script)
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        await store.LoadAccountAsync(s_caller, 1, 1_000, "active", 1, -1, 0, 0);
        await store.LoadKeyAsync(s_caller, 1, 1, "active", 1, 0, 0, "", 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0);
        var reserved = new BalanceSnapshot(await store.ReserveAsync(s_caller, "r", 1, 1, 10, 30_000, 1, "search", 1_000));
        if (script is "open-1" or "drop-holds-2")
        {
            await store.FenceAsync(Epoch + 1);
        }
        else if (script == "trim-2")
        {
            await store.Redis.ExecuteAsync("RPUSH", (RedisKey)PartitionMap.Outbox(store.Number), "head");
        }
        else if (script.StartsWith("load-", StringComparison.Ordinal))
        {
            await store.Redis.ExecuteAsync(
                "DEL", (RedisKey)PartitionMap.Account(store.Number, 1), (RedisKey)PartitionMap.Key(store.Number, 1));
        }

        return (store, reserved.Windows);
    }

    private static async Task DamageAsync(ScriptPartition store, string script, string damaged)
    {
        var number = store.Number;
        if (script.Contains("claim", StringComparison.Ordinal) && damaged != "claim")
        {
            // Of the call itself, or of one whose hold must be looked for.
            await store.Redis.ExecuteAsync(
                "SET", (RedisKey)PartitionMap.Claim(number, 1, "test", "hash"),
                script == "claim-4" ? "h|print|another|gone" : "h|print|request|");
        }

        var marker = PartitionMap.IdempotencyKey(number, script switch { "credit-4" => "c", "reverse-6" => "reversal:r", _ => "r" });
        var reply = damaged switch
        {
            "meta" => await SetAsync(PartitionMap.Meta(number)),
            "account" => await SetAsync(PartitionMap.Account(number, 1)),
            "key" => await SetAsync(PartitionMap.Key(number, 1)),
            "holds" => await SetAsync(PartitionMap.Holds(number)),
            "outbox" => await SetAsync(PartitionMap.Outbox(number)),
            "committed" => await SetAsync(PartitionMap.Committed(number)),
            "answer" => await SetAsync(PartitionMap.KeptAnswer(number, 1, "hash")),
            "answers" => await SetAsync(PartitionMap.KeptAnswers(number, arePaid: true)),
            "bytes" => await SetAsync(PartitionMap.KeptBytes(number, arePaid: true)),
            "open" => await SetAsync(PartitionMap.Claims(number, 1, areDone: false)),
            "done" => await SetAsync(PartitionMap.Claims(number, 1, areDone: true)),
            "claim" => await store.Redis.ExecuteAsync("RPUSH", (RedisKey)PartitionMap.Claim(number, 1, "test", "hash"), "damage"),
            "record" => await SetAsync(PartitionMap.IdempotencyRecord(number, 1, "")),
            "marker" => await store.Redis.ExecuteAsync("RPUSH", (RedisKey)marker, "damage"),
            "hold r" => await store.Redis.ExecuteAsync("HSET", (RedisKey)PartitionMap.Holds(number), "r", "1|1|10|damage"),
            "hold of another format" =>
                await store.Redis.ExecuteAsync("HSET", (RedisKey)PartitionMap.Holds(number), "r", "v2|1|1|10|1|1|1|9999999999999"),
            "format of the account" =>
                await store.Redis.ExecuteAsync("SETRANGE", (RedisKey)PartitionMap.Account(number, 1), 0, "damage"),
            "format of the key" => await store.Redis.ExecuteAsync("SETRANGE", (RedisKey)PartitionMap.Key(number, 1), 0, "damage"),
            _ => throw new ArgumentOutOfRangeException(nameof(damaged)),
        };
        Assert.True(reply.Answered, reply.Reason);

        Task<RedisReply> SetAsync(RedisKey key) => store.Redis.ExecuteAsync("SET", key, "damage");
    }

    private static async Task<long> RunAsync(ScriptPartition store, string script, string damaged, SpendWindows windows) => (script switch
    {
        "reserve" => await store.ReserveAsync(
            s_caller, damaged.StartsWith("hold ", StringComparison.Ordinal) ? "r" : "s", 1, 1, 10, 30_000, 1, "search", 1_000),
        "commit" => await store.CommitAsync(s_caller, "r", 1, 1, 10, windows, again: true),
        "release" => await store.ReleaseAsync(s_caller, "r", 1, 1, expiredOnly: false),
        "admit" => await store.AdmitAsync(s_caller, "s", 1, 1, 10, counts: true, 1, "search", 1_000),
        "extend" => await store.ExtendAsync(s_caller, "r", 1, 1, 60_000),
        "tombstone-6" => await store.TombstoneAsync(s_caller, "r", 1, 1),
        "credit-4" => await store.CreditAsync(s_caller, "c", 1, 5),
        "reverse-6" => await store.ReverseAsync(s_caller, "r", 1, 1, 10, windows),
        "load-3" => await store.LoadAccountAsync(s_caller, 1, 1_000, "active", 1, -1, 0, 0),
        "configure-account-2" => await store.ConfigureAccountAsync(s_caller, 1, 2, "suspended", -1),
        "configure-key-2" => await store.ConfigureKeyAsync(s_caller, 1, 2, "active", 1, 0, 0, "", 0, -1, -1, -1, -1),
        "fence-1" => await store.FenceAsync(Epoch + 2),
        "open-1" => await store.OpenAsync(Epoch + 1, 0),
        "drop-holds-2" => await store.DropHoldsAsync(Epoch + 1, "r"),
        "trim-2" => await store.TrimAsync("head", 1, "head", committed: 1),
        "keep-3" => await store.KeepAsync("hash", "request", "answer", 10_000),
        "claim-4" => await store.ClaimAsync("h|print|request|"),
        "close-claim-3" => await store.CloseClaimAsync("h|print|request|", "c|print|request|0"),
        _ => throw new ArgumentOutOfRangeException(nameof(script)),
    })[0];

    private static TheoryData<string, string, long> Cases(Func<long, bool> where)
    {
        var cases = new TheoryData<string, string, long>();
        foreach (var (script, damaged, code) in s_damages.Where(damage => where(damage.Code)))
        {
            cases.Add(script, damaged, code);
        }

        return cases;
    }
}
