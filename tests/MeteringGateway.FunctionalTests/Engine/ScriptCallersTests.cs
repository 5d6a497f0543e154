using Dapper;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;
using RedisScript = MeteringGateway.Engine.Scripts.RedisScript;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>
/// What the product sends is what the heads of its scripts say: a call with another number of keys or arguments is never sent, so a script
/// that Redis knows was called as its head says. Every script is called here by the product's own code.
/// </summary>
[Collection(PeopleTestGroup.Name)]
public sealed class ScriptCallersTests(PeopleGateway gateway)
{
    private static readonly string[] s_scripts = [.. typeof(RedisScript).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".lua", StringComparison.Ordinal) && name.Contains('-', StringComparison.Ordinal))
        .Select(name => Path.GetFileNameWithoutExtension(name))];

    [Fact]
    public async Task Scripts_AllOfThem_AreCalledAsTheirHeadsSay()
    {
        var account = await gateway.Client.CreateAccountAsync(100);
        await gateway.Client.CreateKeyAsync(account);
        await using var books = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        var key = await books.QuerySingleAsync<long>("select id from keys where account_id = @account", new { account });
        var (store, settlement, partitions) = (gateway.Get<CallCredits>(), gateway.Get<DisputeSettlement>(), gateway.Get<Partitions>());

        // Reserve, release, commit; the charge is taken back as of a call that was answered as free.
        await store.ReleaseAsync((await ReserveAsync("released")).Hold!);
        var hold = (await ReserveAsync("charged")).Hold!;
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync(hold, 5, new EntryTail(hold.Id, "usage"))).Status);
        await settlement.DisputeAsync(hold, 5);
        await settlement.FinishAllAsync(default);

        Assert.True(await gateway.Get<ConfigurationPush>().ConfigureAccountAsync(account, default));
        Assert.True(await gateway.Get<ConfigurationPush>().ConfigureKeyAsync(account, key, default));
        Assert.NotNull(await gateway.Get<KeyInspector>().KeyStateAsync(account, key, default));
        Assert.Null(await gateway.Get<WriteProbe>().AskAsync());

        // What repeats are told by.
        var ticket = new IdempotencyTicket("hash", "print");
        Assert.True(await gateway.Get<KeptAnswers>().KeepAsync(account, ticket.Hash, hold.Id, "{}"u8.ToArray()));
        var claim = await gateway.Get<CallClaims>().ClaimAsync(account, "test", ticket, hold.Id, TimeSpan.FromMinutes(1));
        Assert.True(await gateway.Get<CallClaims>().DropAsync(claim.Claim!));

        // A recovery, of a Redis that still holds what was charged.
        var partition = partitions.Map.Of(account);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
        await redis.GetDatabase().HashSetAsync(PartitionMap.Holds(partition), hold.Id, $"{account}|{key}|5|1|1|1|{long.MaxValue / 2}");
        partitions.MarkCorrupt(partition);

        string[] missing = s_scripts;
        await Eventually.TrueAsync(
            async () =>
            {
                var hashes = s_scripts.Select(name => (object)Convert.ToHexStringLower(RedisScript.Load(name).Hash));
                var known = (bool[])(await redis.GetDatabase().ExecuteAsync("SCRIPT", ["EXISTS", .. hashes]))!;
                missing = [.. s_scripts.Where((_, i) => !known[i])];
                return missing.Length == 0;
            },
            () => $"never called: {string.Join(", ", missing)}");
        Assert.False(await redis.GetDatabase().HashExistsAsync(PartitionMap.Holds(partition), hold.Id));

        Task<ReserveReply> ReserveAsync(string id) =>
            store.ReserveAsync(new Reservation($"{id}-{account}", account, key, 1, "search", 5, TimeSpan.FromSeconds(30)), default);
    }
}
