using MeteringGateway.Configuration;
using MeteringGateway.FunctionalTests.Ledger;
using MeteringGateway.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Hosting;

[Collection(LedgerTestGroup.Name)]
public sealed class DatabaseTests(LedgerPostgres postgres)
{
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
