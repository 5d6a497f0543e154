using Dapper;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Fixtures;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>Stores that forget, and gateways that die, between two steps of recovery or of money in.</summary>
public sealed class LostStoreTests : OwnGatewayTests
{
    [Fact]
    public async Task Recovery_WhoseGatewayDiedBeforeTheFence_IsTakenUpByAnother()
    {
        var account = await Gateway.Client.CreateAccountAsync(100);
        var key = await Gateway.Client.CreateKeyAsync(account);
        await Stores.Books.AwaitEntriesAsync(account, 1);

        // All that such a gateway leaves behind.
        await using var books = new NpgsqlConnection(Stores.PostgresConnection);
        await books.ExecuteAsync("update partitions set epoch = epoch + 1, run_id = null");

        // Refused for the moment of the recovery, but what was charged reaches the ledger.
        var charged = 0;
        await Eventually.TrueAsync(
            async () => (int)(await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).Status == 200 && ++charged > 0,
            () => "every call is refused");
        Assert.Equal([100, -7], (await Stores.Books.AwaitEntriesAsync(account, 2)).Select(entry => entry.CreditsDelta));
        Assert.Equal(1, charged);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".2")]
    public async Task Hold_OfAChargeThatTheBooksHave_IsGoneAfterARecovery(string nthTry)
    {
        var account = await Gateway.Client.CreateAccountAsync(100);
        var key = await Gateway.Client.CreateKeyAsync(account);
        Assert.Equal(200, (int)(await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).Status);
        var charge = (await Stores.Books.AwaitEntriesAsync(account, 2))[1];

        // As in a Redis that came back older: the call is in flight there.
        var partition = new PartitionMap(16).Of(account);
        RedisKey holds = PartitionMap.Holds(partition);
        using var redis = await ConnectionMultiplexer.ConnectAsync(Stores.RedisConnection);
        var deadline = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds();
        await redis.GetDatabase().HashSetAsync(holds, [
            new(charge.EntryId + nthTry, $"{account}|{charge.KeyId}|7|1|1|1|{deadline}"),
            new("another", $"{account}|{charge.KeyId}|5|1|1|1|{deadline}")]);
        await using var books = new NpgsqlConnection(Stores.PostgresConnection);
        await books.ExecuteAsync("update partitions set epoch = epoch + 1, run_id = null");

        await Eventually.TrueAsync(
            async () => !await redis.GetDatabase().HashExistsAsync(holds, charge.EntryId + nthTry), () => "the hold is still there",
            TimeSpan.FromSeconds(20));
        Assert.True(await redis.GetDatabase().HashExistsAsync(holds, "another"));
    }

    [Fact]
    public async Task ManualCredit_ThatRedisForgotBeforeTheBooksHadIt_IsGivenOnceMore()
    {
        var account = await Gateway.Client.CreateAccountAsync();
        await using var books = new NpgsqlConnection(Stores.PostgresConnection);
        await books.OpenAsync();

        // No flush gets past this, so the credit is in Redis alone.
        Task<System.Text.Json.JsonElement> credited;
        await using (var noFlush = await books.BeginTransactionAsync())
        {
            await books.ExecuteAsync("select from partitions for update", transaction: noFlush);
            credited = Gateway.Client.CreditAsync(account, 40, "r1");
            using var redis = await ConnectionMultiplexer.ConnectAsync(Stores.RedisConnection + ",allowAdmin=true");
            await Eventually.TrueAsync(async () => await redis.GetDatabase().KeyExistsAsync(MarkerOfTheFirst(account)), () => "no credit");
            await redis.GetServer(redis.GetEndPoints()[0]).FlushAllDatabasesAsync();
        }

        Assert.Equal("pending", (await credited).GetProperty("status").GetString());
        await Eventually.TrueAsync(
            async () => await Stores.Books.BalanceAsync(account) == 40, () => "the credit is lost", TimeSpan.FromSeconds(40));
        await Gateway.Client.CreditAsync(account, 40, "r1");
        Assert.Equal("manual:1", Assert.Single(await Stores.Books.EntriesAsync(account)).EntryId);
    }

    [Fact]
    public async Task Accounts_ChargedLately_AreLoadedAheadOfTheirNextCall()
    {
        var accounts = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            accounts.Add(await Gateway.Client.CreateAccountAsync(100));
            var key = await Gateway.Client.CreateKeyAsync(accounts[^1]);
            Assert.Equal(200, (int)(await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).Status);
        }

        await Stores.Books.AwaitEntriesAsync(accounts[^1], 2);
        await using var redis = new RedisConnection(Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        Assert.True((await redis.ExecuteAsync("FLUSHALL")).Answered);

        // Nobody calls.
        foreach (var account in accounts)
        {
            var name = PartitionMap.Account(new PartitionMap(16).Of(account), account);
            await Eventually.TrueAsync(
                async () => await StateFields.ReadAsync(redis, name, "balance", "held") is ["93", "0"], () => $"{name} is not there",
                TimeSpan.FromSeconds(20));
        }

        await Eventually.TrueAsync(
            () => Task.FromResult(
                Gateway.Log.Contains("keys that were charged lately were loaded from the ledger", StringComparison.Ordinal)),
            () => "the log does not say so");
    }

    [Fact]
    public async Task Account_ThatIsDamagedInRedis_IsReadFromTheBooksAgain()
    {
        var account = await Gateway.Client.CreateAccountAsync(100);
        var key = await Gateway.Client.CreateKeyAsync(account);
        Assert.Equal(200, (int)(await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).Status);
        RedisKey name = PartitionMap.Account(new PartitionMap(16).Of(account), account);
        using var redis = await ConnectionMultiplexer.ConnectAsync(Stores.RedisConnection);

        // No state, of another type, and of another format: unknown, and loaded. The partition is not in doubt for it.
        await redis.GetDatabase().StringSetAsync(name, "damage");
        Assert.Equal(86, (await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).RemainingCredits);
        await redis.GetDatabase().KeyDeleteAsync(name);
        await redis.GetDatabase().HashSetAsync(name, "balance", "1");
        Assert.Equal(79, (await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).RemainingCredits);
        await redis.GetDatabase().StringSetRangeAsync(name, 0, "\u0002");
        Assert.Equal(72, (await Gateway.Client.QueryAsync(key, """{"surface":"seven"}""")).RemainingCredits);
        Assert.Contains("metering_script_errors_total 0", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal([100, -7, -7, -7, -7], (await Stores.Books.AwaitEntriesAsync(account, 5)).Select(entry => entry.CreditsDelta));

        async Task<string> MetricsAsync() => (await Gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;
    }

    private static RedisKey MarkerOfTheFirst(long account) => PartitionMap.IdempotencyKey(new PartitionMap(16).Of(account), "manual:1");
}
