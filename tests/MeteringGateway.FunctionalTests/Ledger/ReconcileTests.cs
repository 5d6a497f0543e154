using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Hosting;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>Redis held against the ledger, and the operator's verbs, on a real gateway.</summary>
public sealed class ReconcileTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Theory]
    [InlineData("balance", 7)]
    [InlineData("balance", -7)]
    [InlineData("held", 3)]
    public async Task Difference_MadeByHand_IsFoundExplainedAndHealed(string field, long credits)
    {
        var (account, key) = await fixture.NewKeyAsync();
        await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        var partition = new PartitionMap(16).Of(account);
        await using var redis = new RedisConnection(
            fixture.Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        Assert.True((await StateFields.AddAsync(redis, PartitionMap.Account(partition, account), field, credits)).Answered);

        var report = (await fixture.Client.AdminAsync(HttpMethod.Post, "admin/ledger/reconcile?heal=true")).ExpectSuccess();
        Assert.True(report.GetProperty("ok").GetBoolean());

        // The background reconciler may have been faster; either way somebody has said why.
        var found = report.GetProperty("differences").EnumerateArray().Any(difference =>
            difference.GetProperty("account_id").GetInt64() == account && difference.GetProperty("kind").GetString() == field);
        Assert.True(found
            || fixture.Gateway.Log.Contains(
                string.Create(CultureInfo.InvariantCulture, $"Account {account}: {field} is"), StringComparison.Ordinal));
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((HttpStatusCode.OK, 86), (answer.Status, answer.RemainingCredits));
        Assert.Empty((await fixture.Client.AdminAsync(HttpMethod.Post, "admin/ledger/reconcile")).ExpectSuccess()
            .GetProperty("differences").EnumerateArray());
    }

    [Fact]
    public async Task Load_BesideAHoldOfANewerFormat_IsRefusedUntilItIsGone()
    {
        var (account, key) = await fixture.NewKeyAsync();
        await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        var partition = new PartitionMap(16).Of(account);
        await using var redis = new RedisConnection(
            fixture.Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        await redis.ExecuteAsync("HSET", (RedisKey)PartitionMap.Holds(partition), "newer", "v2|whose it is, only a newer gateway knows");
        await redis.ExecuteAsync("DEL", (RedisKey)PartitionMap.Account(partition, account));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.Client.QueryAsync(key, """{"surface":"seven"}""")).Status);

        await redis.ExecuteAsync("HDEL", (RedisKey)PartitionMap.Holds(partition), "newer");
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((HttpStatusCode.OK, 86), (answer.Status, answer.RemainingCredits));
    }

    [Fact]
    public async Task Heal_WhileTheRecoveryStandsStill_SaysThatItDidNotLook()
    {
        var (account, key) = await fixture.NewKeyAsync();
        await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        var partition = new PartitionMap(16).Of(account);
        await using var redis = new RedisConnection(
            fixture.Stores.RedisConnection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        await using (var database = NpgsqlDataSource.Create(fixture.Stores.PostgresConnection))
        await using (var recovering = await database.OpenConnectionAsync())
        {
            await using var turn = new NpgsqlCommand(
                string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_lock({0x4d47_0002}, {partition})"), recovering);
            await turn.ExecuteNonQueryAsync();
            await StateFields.AddAsync(redis, PartitionMap.Account(partition, account), "balance", 7);

            var report = (await fixture.Client.AdminAsync(HttpMethod.Post, "admin/ledger/reconcile?heal=true")).ExpectSuccess();
            Assert.Equal((false, false), (report.GetProperty("ok").GetBoolean(), report.GetProperty("healed").GetBoolean()));
            Assert.NotEqual(0, report.GetProperty("unchecked").GetInt64());

            var verification = await fixture.Client.VerifyLedgerAsync();
            Assert.Equal((false, 0), (verification.GetProperty("ok").GetBoolean(), verification.GetProperty("problems_total").GetInt64()));
            Assert.NotEqual(0, verification.GetProperty("unchecked").GetInt64());

            var (code, _, errors) = await RunAsync(GatewayProcess.AdminToken, "reconcile", "--heal");
            Assert.Equal((1, true), (code, errors.Contains("could not be compared", StringComparison.Ordinal)));
        }

        await Eventually.TrueAsync(
            async () => (await fixture.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean(), () => fixture.Gateway.Log);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((HttpStatusCode.OK, 86), (answer.Status, answer.RemainingCredits));
    }

    [Fact]
    public async Task Rebuild_AtAnyInstant_AddsUpWhatWasThereThen()
    {
        var (account, key) = await fixture.NewKeyAsync();
        await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        await fixture.Stores.Books.AwaitEntriesAsync(account, 3);
        var entries = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/credits/transactions?account_id={account}")).ExpectSuccess()
            .GetProperty("transactions");
        foreach (var entry in entries.EnumerateArray().Where(entry => entry.GetProperty("seq").GetInt64() != 2))
        {
            var at = Uri.EscapeDataString(entry.GetProperty("occurred_at").GetString()!);
            var rebuilt = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/ledger/rebuild?account_id={account}&at={at}"))
                .ExpectSuccess();
            Assert.Equal(entry.GetProperty("balance_after").GetInt64(), rebuilt.GetProperty("credit_balance").GetInt64());
        }

        var now = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/ledger/rebuild?account_id={account}")).ExpectSuccess();
        Assert.Equal((86, JsonValueKind.Null), (now.GetProperty("credit_balance").GetInt64(), now.GetProperty("at").ValueKind));
        var before = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/ledger/rebuild?account_id={account}&at=2020-01-01"))
            .ExpectSuccess();
        Assert.Equal((0, 0), (before.GetProperty("credit_balance").GetInt64(), before.GetProperty("entries").GetInt64()));
    }

    [Theory]
    [InlineData("rebuild?account_id=x", 400)]
    [InlineData("rebuild?account_id=1&at=yesterday", 400)]
    [InlineData("rebuild?account_id=999999", 404)]
    public async Task Rebuild_OfNonsense_SaysWhat(string query, int status) =>
        Assert.Equal(status, (int)(await fixture.Client.AdminAsync(HttpMethod.Get, "admin/ledger/" + query)).Status);

    [Fact]
    public async Task Verbs_AgainstARunningGateway_AnswerByExitCode()
    {
        var (account, _) = await fixture.NewKeyAsync();
        var (code, text, _) = await RunAsync(GatewayProcess.AdminToken, "verify");
        Assert.Equal((0, true), (code, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("ok").GetBoolean()));
        (code, text, _) = await RunAsync(
            GatewayProcess.AdminToken, "rebuild", "--account", account.ToString(CultureInfo.InvariantCulture),
            "--at", "2099-01-01T00:00:00Z");
        Assert.Equal((0, 100), (code, JsonSerializer.Deserialize<JsonElement>(text).GetProperty("credit_balance").GetInt64()));
        Assert.Equal(0, (await RunAsync(GatewayProcess.AdminToken, "reconcile", "--heal")).Code);
        Assert.Equal(2, (await RunAsync("no-such-token", "verify")).Code);
        Assert.Equal(2, (await RunAsync("", "verify")).Code);
    }

    private async Task<(int Code, string Text, string Errors)> RunAsync(string token, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(GatewayHost).Assembly.Location, "ledger", .. arguments, "--url", fixture.Gateway.Address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["METERING_ADMIN_TOKEN"] = token },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text, await errors);
    }
}
