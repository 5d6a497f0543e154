using System.Net;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Hosting;

/// <summary>One page about whether the money is right: each number is what Redis and PostgreSQL have.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task Status_WithACallUnderWay_TellsOfHoldsPartitionsAndBothServers()
    {
        await using var stores = await Stores.StartAsync();
        await using var provider = FakeProvider.Start();
        var answers = new TaskCompletionSource();
        provider.Script = _ => FakeReply.Json("{}") with { Until = answers.Task };
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(provider));
        var account = await gateway.Client.CreateAccountAsync(100);
        var key = await gateway.Client.CreateKeyAsync(account);
        await stores.Books.AwaitEntriesAsync(account, 1);
        var call = gateway.Client.QueryAsync(key, """{"surface":"seven"}""");

        var status = default(JsonElement);
        await Eventually.TrueAsync(
            async () => (status = await ReadAsync(gateway)).GetProperty("holds").GetProperty("count").GetInt64() == 1, () => $"{status}");

        Assert.Equal(7, status.GetProperty("holds").GetProperty("credits").GetInt64());
        var ages = status.GetProperty("holds").GetProperty("by_age").EnumerateArray().ToList();
        Assert.Equal([1, 10, 60, 600, null], ages.Select(age => Number(age, "under_seconds")));
        Assert.Equal((1, 7), (ages.Sum(age => Number(age, "count")), ages.Sum(age => Number(age, "credits"))));
        Assert.Equal("ready", status.GetProperty("readiness").GetProperty("status").GetString());
        Assert.True(status.GetProperty("redis").GetProperty("reachable").GetBoolean());
        Assert.NotEmpty(status.GetProperty("redis").GetProperty("servers")[0].GetProperty("version").GetString()!);
        Assert.True(status.GetProperty("postgres").GetProperty("reachable").GetBoolean());
        Assert.NotEmpty(status.GetProperty("postgres").GetProperty("version").GetString()!);
        var partitions = status.GetProperty("partitions").EnumerateArray().ToList();
        Assert.Equal(16, partitions.Count);
        Assert.All(partitions, partition => Assert.True(partition.GetProperty("served").GetBoolean()));
        Assert.All(partitions, partition => Assert.Equal(Number(partition, "ledger_epoch"), Number(partition, "epoch")));
        Assert.Equal(0, status.GetProperty("drift_credits").GetInt64());
        Assert.True(Number(status.GetProperty("flusher"), "entries_flushed") >= 1);

        answers.SetResult();
        (await call).Expect(HttpStatusCode.OK);
        await Eventually.TrueAsync(
            async () => (await ReadAsync(gateway)).GetProperty("holds").GetProperty("count").GetInt64() == 0, () => "the hold stays");
    }

    [Fact]
    public async Task Status_OfRowsThatWait_CountsThem()
    {
        await using var stores = await Stores.StartAsync();
        await using var provider = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(provider));
        await using var database = Npgsql.NpgsqlDataSource.Create(stores.PostgresConnection);
        await using var fill = database.CreateCommand("""
            insert into poison_entries (partition, raw, reason) select 0, 'x' || n, 'test' from generate_series(1, 3) n;
            with notice as (
              insert into notices (account_id, type, window_id, percent, threshold)
              select id, 'low_balance', 1, 100, 0 from accounts limit 1 returning id)
            insert into webhook_deliveries (notice_id, status) select id, 'dead' from notice
            """);
        await gateway.Client.CreateAccountAsync();
        await fill.ExecuteNonQueryAsync();

        var waiting = (await ReadAsync(gateway)).GetProperty("waiting");

        Assert.Equal((3, 1, 0), (Number(waiting, "poison_entries"), Number(waiting, "webhooks_dead"), Number(waiting, "disputed_calls")));
    }

    [Fact]
    public async Task Status_WithoutPostgreSql_TellsTheRest()
    {
        await using var stores = await Stores.StartAsync(ownPostgres: true);
        await using var provider = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config(provider));
        await stores.Postgres.StopAsync();

        var status = await ReadAsync(gateway);

        Assert.False(status.GetProperty("postgres").GetProperty("reachable").GetBoolean());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("waiting").ValueKind);
        Assert.Equal("degraded", status.GetProperty("readiness").GetProperty("status").GetString());
        Assert.True(status.GetProperty("redis").GetProperty("reachable").GetBoolean());
        Assert.Equal(16, status.GetProperty("partitions").GetArrayLength());
    }

    private static async Task<JsonElement> ReadAsync(GatewayProcess gateway) =>
        (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/status")).Expect(HttpStatusCode.OK);

    private static long? Number(JsonElement one, string name) =>
        one.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static object Config(FakeProvider provider) => new
    {
        ReverseProxy = new { Clusters = new { alpha = new { Destinations = new { a1 = new { provider.Address } } } } },
        Surfaces = new
        {
            seven = new
            {
                Price = new { Credits = 7 },
                Providers = new[] { "alpha" },
                AttemptTimeout = "00:01:00",
                TotalTimeout = "00:01:00",
            },
        },
    };
}
