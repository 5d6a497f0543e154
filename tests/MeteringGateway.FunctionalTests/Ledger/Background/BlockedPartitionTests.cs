using Dapper;
using MeteringGateway.FunctionalTests.Fixtures;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Ledger.Background;

/// <summary>
/// A partition that can't be asked, with more rows waiting for it than a page: those of the others are finished all the same,
/// and these when it is back.
/// </summary>
public sealed class BlockedPartitionTests : OwnGatewayTests
{
    private const int Rows = 201;

    [Fact]
    public async Task Rows_OfAHealthyPartition_AreNotHiddenByThoseOfABlockedOne()
    {
        var map = new PartitionMap(PartitionSetup.DefaultCount);
        var blocked = await Gateway.Client.CreateAccountAsync();
        var partition = map.Of(blocked);
        await using var books = new NpgsqlConnection(Stores.PostgresConnection);
        await books.OpenAsync();
        await books.ExecuteAsync("alter table accounts alter id restart with 1000000; alter table keys alter id restart with 1000000");
        var (revoked, suspended) = (await HealthyAsync(map, partition), await HealthyAsync(map, partition));
        var (revokedKey, suspendedKey) = (await Gateway.Client.CreateKeyAsync(revoked), await Gateway.Client.CreateKeyAsync(suspended));
        await BlockAsync(books, partition);

        // Below the healthy ones in every order.
        var neighbours = Enumerable.Range(1_000, 900_000).Where(id => map.Of(id) == partition).Take(Rows).Select(id => (long)id).ToArray();
        await books.ExecuteAsync(
            """
            insert into accounts (id, email, full_name, kind) overriding system value select id, id || '@example.com', 'n', 'personal' from unnest(@neighbours) id;
            insert into keys (id, account_id, name, prefix, mode) overriding system value select n, @blocked, 'n', 'p', 'live' from generate_series(1, @Rows) n;
            insert into manual_credits (account_id, amount, type, description, created_at) select @blocked, 1, 'support', 'n', now() - interval '1 minute' from generate_series(1, @Rows);
            insert into manual_credits (account_id, amount, type, description, created_at) values (@revoked, 3, 'support', 'n', now() - interval '1 minute');
            insert into rewards (entry_id, account_id, credits, entry_type, description, created_at)
            select 'a:' || n, @blocked, 1, 'checkin', 'n', now() - interval '2 minutes' from generate_series(1, @Rows) n;
            insert into rewards (entry_id, account_id, credits, entry_type, description, created_at) values ('b', @revoked, 5, 'checkin', 'n', now() - interval '1 minute');
            """,
            new { neighbours, blocked, revoked, Rows });
        await Stores.Books.AwaitEntriesAsync(revoked, 3);
        Assert.Equal([3L, 5L, 100L], (await Stores.Books.EntriesAsync(revoked)).Select(entry => entry.CreditsDelta).Order());

        await books.ExecuteAsync(
            "update keys set status = 'revoked', version = version + 1 where account_id = @revoked; update accounts set status = "
                + "'suspended', version = version + 1 where id = @suspended",
            new { revoked, suspended });
        await AwaitCodeAsync(revokedKey, "invalid_key");
        await AwaitCodeAsync(suspendedKey, "account_suspended");
        Assert.Empty(await Stores.Books.EntriesAsync(blocked));

        await books.ExecuteAsync("select pg_advisory_unlock_all()");
        await Stores.Books.AwaitEntriesAsync(blocked, 2 * Rows);
        (long, long) untold = default;
        await Eventually.TrueAsync(
            async () => (untold = await books.QuerySingleAsync<(long, long)>("select (select count(*) from keys where applied_version < "
                + "version), (select count(*) from accounts where applied_version < version)")) == (0, 0),
            () => $"{untold.Item1} keys and {untold.Item2} accounts are still to be told");
        Assert.Empty(await Stores.Books.ProblemsAsync());
    }

    /// <summary>Redis has lost the partition, and its recovery waits for as long as the test likes.</summary>
    private async Task BlockAsync(NpgsqlConnection books, int partition)
    {
        await books.ExecuteAsync("select pg_advisory_lock(@recovery, @partition)", new { recovery = EpochStore.RecoveryLock, partition });
        using var redis = await ConnectionMultiplexer.ConnectAsync(Stores.RedisConnection);
        await redis.GetDatabase().KeyDeleteAsync(PartitionMap.Meta(partition));
    }

    private async Task<long> HealthyAsync(PartitionMap map, int blocked)
    {
        while (true)
        {
            if (await Gateway.Client.CreateAccountAsync(100) is var account && map.Of(account) != blocked)
            {
                return account;
            }
        }
    }

    private async Task AwaitCodeAsync(string key, string code)
    {
        string? seen = null;
        await Eventually.TrueAsync(
            async () => (seen = (await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).Code) == code,
            () => $"the call is answered {seen ?? "with success"}");
    }
}
