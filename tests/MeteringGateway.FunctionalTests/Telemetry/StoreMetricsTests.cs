using System.Globalization;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Telemetry;

/// <summary>What a scrape says of Redis and PostgreSQL below a gateway, from when all is well until both are away.</summary>
public sealed class StoreMetricsTests
{
    private const string LastLook = "metering_ledger_last_flush_timestamp_seconds";

    private static readonly Dictionary<string, string> s_environment = new() { ["ALPHA_KEY"] = "x" };

    [Fact]
    public async Task Scrape_WhileOneStoreAfterTheOtherGoes_SaysWhatIsWrong()
    {
        await using var stores = await Stores.StartAsync(ownPostgres: true);
        await using var alpha = FakeProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, alpha), s_environment);
        await gateway.Client.CreateKeyAsync(await gateway.Client.CreateAccountAsync(10));

        // All is well; the flusher's heart beats without a call.
        await AwaitAsync(gateway, "metering_partitions_unserved", value => value == 0);
        await AwaitAsync(gateway, LastLook, value => value > 0);
        var looked = await ReadAsync(gateway, LastLook);
        await AwaitAsync(gateway, LastLook, value => value > looked);
        Assert.Equal(0, await ReadAsync(gateway, "metering_holds_overdue"));

        // The machine has one clock, and a look that a busy one has held up is no hour late.
        Assert.InRange(await ReadAsync(gateway, "metering_clock_offset_seconds"), -3_600, 3_600);

        // Without Redis: nothing is served, and a disputed commit can't be settled.
        await stores.Redis.StopAsync();
        await AwaitAsync(gateway, """metering_store_errors_total{store="redis"}""", value => value > 0);
        await AwaitAsync(gateway, "metering_partitions_unserved", value => value > 0);
        await AddWaitingRowsAsync(stores);
        await using var second = await GatewayProcess.StartAsync(stores, MeteringFixture.Config(alpha, alpha), s_environment);
        await AwaitAsync(second, "metering_poison_entries", value => value == 2);
        Assert.Equal(1, await ReadAsync(second, "metering_unsettled_calls"));
        Assert.InRange(await ReadAsync(second, "metering_unsettled_oldest_seconds"), 3_600, 7_200);
        Assert.Equal(0, await ReadAsync(second, LastLook));

        // And without PostgreSQL: each refusal is counted.
        await stores.Postgres.StopAsync();
        await AwaitAsync(gateway, """metering_store_errors_total{store="postgres"}""", value => value > 0);
    }

    private static async Task AddWaitingRowsAsync(Stores stores)
    {
        await using var database = NpgsqlDataSource.Create(stores.PostgresConnection);
        await using var command = database.CreateCommand(
            """
            insert into poison_entries (partition, raw, reason) values (0, 'no entry', 'test'), (1, 'no entry', 'test');
            insert into unsettled_calls (request_id, account_id, key_id, price, surface, outcome, created_at)
            select call.id, keys.account_id, keys.id, 1, 'search', call.outcome, now() - interval '1 hour'
            from keys, (values ('open', null), ('closed', 'free')) as call (id, outcome);
            """);
        await command.ExecuteNonQueryAsync();
    }

    private static Task AwaitAsync(GatewayProcess gateway, string series, Predicate<double> isReached) => Eventually.TrueAsync(
        async () =>
        {
            // A look at the accounts fails where PostgreSQL is away: that is one of the errors that are counted.
            await gateway.Client.AdminAsync(HttpMethod.Get, "admin/accounts");
            return isReached(await ReadAsync(gateway, series));
        },
        () => "never reached: " + series);

    private static async Task<double> ReadAsync(GatewayProcess gateway, string series)
    {
        var scrape = (await gateway.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;
        var line = scrape.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
