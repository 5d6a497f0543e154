using Dapper;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine.Loading;

/// <summary>
/// Accounts whose state Redis has lost alone, with charges in the outbox that the ledger does not have yet: loaded from the ledger as it
/// is they would have these credits again.
/// </summary>
[Collection(PeopleTestGroup.Name)]
public sealed class LoadBatchTests(PeopleGateway gateway)
{
    private CallCredits Credits => gateway.Get<CallCredits>();

    private Partitions Partitions => gateway.Get<Partitions>();

    [Fact]
    public async Task Load_OfAnAccountWithAChargeInTheOutbox_HasTheChargeInIt()
    {
        var (account, key) = await AddAsync(partition: null);
        var partition = Partitions.Map.Of(account);
        var (neighbour, neighboursKey) = await AddAsync(partition);
        var (others, othersKey) = await AddAsync(partition: (partition + 1) % Partitions.Map.Count);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
        await using var ledger = new NpgsqlConnection(gateway.Stores.PostgresConnection);
        await ledger.OpenAsync();

        await Eventually.TrueAsync(
            async () => await redis.GetDatabase().ListLengthAsync(PartitionMap.Outbox(partition)) == 0, () => "the outbox is not empty");

        // No flush of the partition from here on, so that what is charged waits.
        await ledger.ExecuteAsync("select pg_advisory_lock(28008, @partition)", new { partition });
        await ChargeAsync("first", neighbour, neighboursKey, 7);
        await LoadAsync(account, key);
        await ChargeAsync("second", account, key, 3);
        await redis.GetDatabase().KeyDeleteAsync(PartitionMap.Account(partition, account));
        await redis.GetDatabase().KeyDeleteAsync(PartitionMap.Account(partition, neighbour));

        await redis.GetDatabase().KeyDeleteAsync(PartitionMap.Account(Partitions.Map.Of(others), others));

        // The first charge was in the outbox at a look before, the second is newer. Neither is loaded before the flush.
        Task<bool>[] loads = [LoadAsync(account, key), LoadAsync(neighbour, neighboursKey)];
        Assert.True(await LoadAsync(others, othersKey));
        Assert.DoesNotContain(loads, load => load.IsCompleted);
        await ledger.ExecuteAsync("select pg_advisory_unlock_all()");

        Assert.All(await Task.WhenAll(loads), Assert.True);
        Assert.Equal(
            (97, 93, 100),
            (await BalanceAsync(redis, account), await BalanceAsync(redis, neighbour), await BalanceAsync(redis, others)));
    }

    [Fact]
    public async Task Load_OfWhatDoesNotExist_IsNoneAndLoadsTheOthersOfItsBatch()
    {
        var (account, key) = await AddAsync(partition: null);
        var (other, othersKey) = await AddAsync(partition: (Partitions.Map.Of(account) + 1) % Partitions.Map.Count);
        var loads = await Task.WhenAll(
            LoadAsync(account, key), LoadAsync(999_999_999, 0), LoadAsync(other, othersKey), LoadAsync(other, key), LoadAsync(other, 0));
        Assert.Equal([true, false, true, false, true], loads);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Stores.RedisConnection);
        Assert.Equal((100, 100), (await BalanceAsync(redis, account), await BalanceAsync(redis, other)));
    }

    private Task<bool> LoadAsync(long account, long key) => gateway.Get<AccountLoader>().LoadAsync(account, key, default);

    private async Task<long> BalanceAsync(ConnectionMultiplexer redis, long account)
    {
        byte[]? packed = await redis.GetDatabase().StringGetAsync(PartitionMap.Account(Partitions.Map.Of(account), account));
        return PackedAccount.TryParse(packed, out var state) ? state.Balance : -1;
    }

    /// <summary>An account with 100 credits and a key, in that partition if one is given.</summary>
    private async Task<(long Account, long Key)> AddAsync(int? partition)
    {
        long account;
        do
        {
            account = await gateway.Client.CreateAccountAsync(100);
        }
        while (partition is { } wanted && Partitions.Map.Of(account) != wanted);

        await gateway.Client.CreateKeyAsync(account);
        return (account, await gateway.ScalarAsync<long>("select id from keys where account_id = @account", new { account }));
    }

    private async Task ChargeAsync(string id, long account, long key, long price)
    {
        var reply = await Credits.ReserveAsync(
            new Reservation($"{id}-{account}", account, key, 1, "search", price, TimeSpan.FromSeconds(30)), default);
        var charged = await Credits.CommitAsync(reply.Hold!, price, new EntryTail(reply.Hold!.Id, "usage"));
        Assert.Equal(CommitStatus.Committed, charged.Status);
    }
}
