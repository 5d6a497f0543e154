using System.Globalization;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeteringGateway.FunctionalTests.Accounts.Keys;

/// <summary>10,000 racing calls over two gateways against three limits at once, while a reader looks at Redis all the time.</summary>
public sealed class LimitRaceTests
{
    private const int Calls = 10_000;
    private const int Clients = 48;
    private const int Fixed = 6_001;
    private const int Daily = 4_003;
    private const int Monthly = 5_002;

    [Fact]
    public async Task Limits_UnderRacingCalls_AreReachedAndNeverPassed()
    {
        await using var stores = await Stores.StartAsync(new RedisServerOptions { AppendFsync = "everysec" });
        await using var alpha = FakeProvider.Start();
        var environment = new Dictionary<string, string> { ["ALPHA_KEY"] = "x" };
        await using var one = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, alpha), environment);
        await using var two = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, alpha), environment);
        var account = await one.Client.CreateAccountAsync(1_000_000);
        var key = await one.Client.CreateKeyAsync(account, new
        {
            name = "raced",
            mode = "live",
            limits = new object[]
            {
                new { type = "FIXED", limit = Fixed }, new { type = "RECURRING", period = "DAILY", limit = Daily },
                new { type = "RECURRING", period = "MONTHLY", limit = Monthly },
            },
        });
        var id = (await one.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}/keys")).ExpectSuccess().GetProperty("keys")[0]
            .GetProperty("id").GetInt64();
        await using var redis = new RedisConnection(stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        using var done = new CancellationTokenSource();
        var watching = WatchAsync(redis, account, id, done.Token);

        var (next, charged, refused) = (0, 0L, 0);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var gateway = client % 2 == 0 ? one : two;
            while (Interlocked.Increment(ref next) is var call and <= Calls)
            {
                // The last calls are the cheapest: whatever is left that one of them fits into must be spent.
                var answer = await gateway.Client.QueryAsync(
                    key, call % 3 == 0 && call < Calls - 1_000 ? """{"surface":"seven"}""" : """{"surface":"search"}""");
                if ((int)answer.Status == 200)
                {
                    Interlocked.Add(ref charged, answer.CreditsCharged);
                }
                else
                {
                    Assert.Equal("key_limit_exceeded", answer.Code);
                    Interlocked.Increment(ref refused);
                }
            }
        }));
        await done.CancelAsync();

        Assert.True(await watching > 100, "the reader hardly looked");
        Assert.InRange(charged, Daily - 1, Daily);
        Assert.True(refused > 0);
        var key1 = (await two.Client.SendAsync(HttpMethod.Get, "api/v1/key", key, null)).ExpectSuccess();
        Assert.All(
            key1.GetProperty("limits").EnumerateArray(),
            limit => Assert.Equal((charged, 0), (limit.GetProperty("spent").GetInt64(), limit.GetProperty("held").GetInt64())));
        Assert.True((await one.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
        Assert.Equal(1_000_000 - charged, await stores.Books.BalanceAsync(account));
    }

    /// <summary>How often it looked. One command sees one instant: scripts are atomic.</summary>
    private static async Task<int> WatchAsync(RedisConnection redis, long account, long key, CancellationToken done)
    {
        var partition = new PartitionMap(16).Of(account);
        var looks = 0;
        while (!done.IsCancellationRequested)
        {
            var spent = await StateFields.ReadAsync(redis, PartitionMap.Key(partition, key), "sF", "hF", "sD", "hD", "sM", "hM");
            var held = await StateFields.ReadAsync(redis, PartitionMap.Account(partition, account), "balance", "held");
            if (spent is [not "", ..] && held is [not "", ..])
            {
                Assert.InRange(Number(spent[0]) + Number(spent[1]), 0, Fixed);
                Assert.InRange(Number(spent[2]) + Number(spent[3]), 0, Daily);
                Assert.InRange(Number(spent[4]) + Number(spent[5]), 0, Monthly);
                Assert.InRange(Number(held[1]), 0, Number(held[0]));
                looks++;
            }
        }

        return looks;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
