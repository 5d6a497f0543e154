using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Engine.Model;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>Accounts and keys of many partitions, loaded by one script: each partition as if it were alone.</summary>
public sealed class LoadScriptTests(ScriptRedis redis) : IClassFixture<ScriptRedis>
{
    private const long Epoch = 7;
    private static readonly ScriptCaller s_caller = new(Epoch, 0);

    [Fact]
    public async Task Partitions_ThatAreLoadedTogether_AreAsIfEachWereLoadedAlone()
    {
        var together = new List<ScriptPartition> { await HeldAsync(0), await HeldAsync(1), await HeldAsync(2) };
        var answers = await LoadAsync(together);
        Assert.Equal([(long)LoadStatus.Loaded, (long)LoadStatus.Loaded, (long)LoadStatus.Loaded], answers.Select(answer => answer[0]));
        for (var holds = 0; holds < together.Count; holds++)
        {
            var alone = await HeldAsync(holds);
            await alone.LoadAccountAsync(s_caller, 1, 100, "active", 1, 90, 24_000, 40);
            await alone.LoadAccountAsync(s_caller, 2, 200, "suspended", 3, -1, 0, 0);
            await alone.LoadKeyAsync(s_caller, 1, 1, "active", 1, 5, 9, "|a|b|", 4, 10, 20, 30, 40, 8, 20_000, 7, 3_000, 6, 24_000, 5);
            Assert.Equal(await StatesAsync(alone), await StatesAsync(together[holds]));
            Assert.Equal(
                [1, answers[holds][1], 100, holds * 10, holds * 10],
                await together[holds].SumHoldsAsync(s_caller, 1));
        }
    }

    [Fact]
    public async Task Partition_ThatCannotBeLoaded_FailsAloneAndStaysAsItWas()
    {
        var stores = new List<ScriptPartition>();
        for (var i = 0; i < 6; i++)
        {
            stores.Add(await HeldAsync(1));
        }

        await redis.Connection.ExecuteAsync("SET", (RedisKey)PartitionMap.Holds(stores[0].Number), "damage");
        await redis.Connection.ExecuteAsync(
            "HSET", (RedisKey)PartitionMap.Holds(stores[1].Number), "other", "v2|1|1|10|1|1|1|9999999999999");
        await redis.Connection.ExecuteAsync("SET", (RedisKey)PartitionMap.Meta(stores[3].Number), "damage");
        var before = await Task.WhenAll(stores.Select(StoreText.WholeAsync));

        var answers = await LoadAsync(stores, fenced: stores[4], behind: stores[5]);

        Assert.Equal(
            [ScriptPartition.Broken, (long)LoadStatus.OtherFormat, (long)LoadStatus.Loaded, ScriptAnswer.Fenced, ScriptAnswer.Fenced,
                ScriptAnswer.Fenced],
            answers.Select(answer => answer[0]));
        for (var i = 0; i < stores.Count; i++)
        {
            Assert.Equal(i != 2, before[i] == await StoreText.WholeAsync(stores[i]));
        }
    }

    [Fact]
    public async Task State_ThatRedisKnows_StaysBesideThoseThatAreLoaded()
    {
        var (known, half) = (await HeldAsync(1), await HeldAsync(1));
        await LoadAsync([known]);
        await half.LoadAccountAsync(s_caller, 1, 70, "active", 1, -1, 0, 0);
        var before = await StoreText.WholeAsync(known);

        var answers = await LoadAsync([known, half]);

        Assert.Equal([(long)LoadStatus.AlreadyLoaded, (long)LoadStatus.Loaded], answers.Select(answer => answer[0]));
        Assert.Equal(before, await StoreText.WholeAsync(known));
        Assert.Equal((70, 10), await HeldOfAsync(half, 1));
        Assert.Equal((200, 0), await HeldOfAsync(half, 2));
    }

    [Fact]
    public async Task State_ThatIsNone_IsNotLoadedWhereItsHoldsWouldBeForgotten()
    {
        var (wrong, right) = (await HeldAsync(1), await HeldAsync(1));
        var part = Part(wrong, Epoch) with { StateValues = [1, "none", 2, "none", 1, "none"] };
        var answers = await ScriptPartition.LoadAsync(redis.Connection, _ => 0, part, Part(right, Epoch));
        Assert.Equal([ScriptPartition.Broken, (long)LoadStatus.Loaded], answers.Select(answer => answer[0]));
        Assert.Equal(ScriptAnswer.NotLoaded, (await wrong.SumHoldsAsync(s_caller, 1))[0]);
    }

    /// <summary>A partition with so many holds of account 1 and key 1, which Redis has forgotten.</summary>
    private async Task<ScriptPartition> HeldAsync(int holds)
    {
        var store = redis.NewPartition();
        await store.FenceAsync(Epoch);
        await store.OpenAsync(Epoch, 0);
        for (var i = 0; i < holds; i++)
        {
            await redis.Connection.ExecuteAsync(
                "HSET", (RedisKey)PartitionMap.Holds(store.Number), $"h{i}", $"1|1|10|{20_000 + i}|3000|24000|9999999999999");
        }

        return store;
    }

    private Task<List<long[]>> LoadAsync(List<ScriptPartition> stores, ScriptPartition? fenced = null, ScriptPartition? behind = null) =>
        ScriptPartition.LoadAsync(
            redis.Connection, partition => partition == behind?.Number ? 1_000 : 0,
            [.. stores.Select(store => Part(store, store == fenced ? Epoch - 1 : Epoch))]);

    private static ScriptPart Part(ScriptPartition store, long epoch) => store.Loading(
        epoch,
        [LedgerFacts.Account(1, 100, "active", 1, 90, 24_000, 40), LedgerFacts.Account(2, 200, "suspended", 3, -1, 0, 0)],
        [LedgerFacts.Key(1, 1, "active", 1, 5, 9, "|a|b|", 4, 10, 20, 30, 40, 8, 20_000, 7, 3_000, 6, 24_000, 5)]);

    private static async Task<(long Balance, long Held)> HeldOfAsync(ScriptPartition store, long account) =>
        await store.SumHoldsAsync(s_caller, account) is [1, _, var balance, var held, var sum] && held == sum
            ? (balance, held)
            : throw new InvalidOperationException("Account and holds differ.");

    private static async Task<string> StatesAsync(ScriptPartition store)
    {
        var lines = (await StoreText.WholeAsync(store)).Split('\n')
            .Where(line => line.Contains(":a:", StringComparison.Ordinal) || line.Contains(":k:", StringComparison.Ordinal));
        return string.Join('\n', lines).Replace($"{{p{store.Number}}}", "", StringComparison.Ordinal);
    }
}
