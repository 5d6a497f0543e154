using MeteringGateway.Configuration;
using MeteringGateway.FunctionalTests.Ledger;
using MeteringGateway.Hosting;
using MeteringGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Hosting;

[Collection(LedgerTestGroup.Name)]
public sealed class DatabaseTests(LedgerPostgres postgres)
{
    /// <summary>What PostgreSQL says to a session that it has ended: idle_in_transaction_session_timeout.</summary>
    private const string IdleInTransaction = "25P03";

    [Theory]
    [InlineData("", "on")]
    [InlineData(";Options=-c work_mem=1MB", "on")]
    [InlineData(";Options=-c synchronous_commit=remote_apply", "remote_apply")]
    public async Task Database_ItsDefaultIsToCommitWithoutSync_CommitsWithItAllTheSame(string more, string expected)
    {
        await using var services = Gateway(await NewDatabaseAsync("synchronous_commit", "off"), more);
        for (var use = 0; use < 2; use++)
        {
            Assert.Equal(expected, await ShowAsync(services, "synchronous_commit"));
        }

        Assert.Equal(more.Contains("work_mem", StringComparison.Ordinal), await ShowAsync(services, "work_mem") == "1MB");
    }

    [Fact]
    public async Task Database_SeveralHostsAndNoneTakesWrites_OpensNone()
    {
        var name = await NewDatabaseAsync("default_transaction_read_only", "on");
        await using var services = Gateway(name, "", hosts: 2);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ShowAsync(services, "transaction_read_only"));
    }

    [Fact]
    public async Task Database_SeveralHostsThatTakeWrites_Opens()
    {
        await using var services = Gateway(await NewDatabaseAsync("default_transaction_read_only", "off"), "", hosts: 2);
        Assert.IsType<NpgsqlMultiHostDataSource>(services.GetRequiredService<NpgsqlDataSource>());
        Assert.Equal("off", await ShowAsync(services, "transaction_read_only"));
    }

    /// <summary>
    /// A gateway that stands still between two statements has locked an account: PostgreSQL ends its transaction, and the account's
    /// entries are written.
    /// </summary>
    [Fact]
    public async Task Transaction_OfAFrozenGateway_IsEndedAndTheFlushGoesOn()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        await using var own = await bench.Database.OpenConnectionAsync();
        await using var services = Gateway(own.Database, "");
        var account = await bench.AddAccountAsync();
        await using var frozen = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await ExecuteAsync(frozen, $"select id from accounts where id = {account} for no key update");
        bench.Outbox.Push(1, LedgerBench.Entry("e", account, 5, 5));
        await bench.Flusher.StartAsync(default);

        await Eventually.TrueAsync(
            async () => (long)(await bench.ScalarAsync("select count(*) from ledger_entries"))! == 1, () => "the entry is not written",
            TimeSpan.FromMinutes(1));

        await bench.Flusher.StopAsync(default);
        var ended = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(frozen, "select 1"));
        Assert.Equal(IdleInTransaction, ended.SqlState);
    }

    [Fact]
    public async Task Transaction_ThatIsToBeShorter_HasItsOwnTimeout()
    {
        await using var services = Gateway(await NewDatabaseAsync("idle_in_transaction_session_timeout", "0"), "");
        Assert.Equal("5s", await ShowAsync(services, "idle_in_transaction_session_timeout"));
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using (await connection.BeginTransactionAsync())
        {
            await ExecuteAsync(connection, "select set_config('idle_in_transaction_session_timeout', '3000', true)");
            Assert.Equal("3s", await TimeoutAsync(connection));
        }

        Assert.Equal("5s", await TimeoutAsync(connection));

        static async Task<string?> TimeoutAsync(NpgsqlConnection connection)
        {
            await using var command = new NpgsqlCommand("show idle_in_transaction_session_timeout", connection);
            return (string?)await command.ExecuteScalarAsync();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> NewDatabaseAsync(string setting, string value)
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var connection = await database.OpenConnectionAsync();
        await using var alter = new NpgsqlCommand(
            $"alter role postgres in database {connection.Database} set {setting} = {value}", connection);
        await alter.ExecuteNonQueryAsync();
        return connection.Database;
    }

    private ServiceProvider Gateway(string name, string more, int hosts = 1)
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres.Connection(name));
        connection.Host = string.Join(',', Enumerable.Repeat($"{connection.Host}:{connection.Port}", hosts));
        var stores = Options.Create(new ConnectionStringOptions { Postgres = connection.ConnectionString + more });
        return new ServiceCollection().AddLogging().AddSingleton(stores).AddDatabase().BuildServiceProvider();
    }

    private static async Task<string?> ShowAsync(ServiceProvider services, string setting)
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"show {setting}");
        return (string?)await command.ExecuteScalarAsync();
    }
}
