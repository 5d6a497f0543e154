using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Local.LocalServers;

public sealed class PostgresServerTests : IDisposable
{
    private static readonly PostgresServerOptions WithPassword = new() { Password = "s3cret", Fsync = false };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Postgres_KilledAndRestarted_KeepsPortAndData()
    {
        await using var postgres = await StartAsync("postgres");
        var port = postgres.Port;
        await ScalarAsync(postgres, "create table entries as select 7 as amount; select 1");

        await postgres.KillAsync();
        await postgres.RestartAsync(CancellationToken.None);

        Assert.Equal(port, postgres.Port);
        Assert.Equal(7, await ScalarAsync(postgres, "select amount from entries"));
    }

    [Fact]
    public async Task Postgres_WithPassword_RefusesWhoDoesNotKnowIt()
    {
        await using var postgres = await StartAsync("postgres");
        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Postgres_BelowADirectoryClosedToOthers_StartsAllTheSame()
    {
        Directory.CreateDirectory(_directory.In("closed"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory.In("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await using var postgres = await StartAsync("closed/postgres");
        Assert.Equal(1, await ScalarAsync(postgres, "select 1"));
    }

    [Fact]
    public async Task Postgres_DataOfAnotherVersion_SaysWhichOneToInstall()
    {
        Directory.CreateDirectory(_directory.In("old"));
        await File.WriteAllTextAsync(_directory.In("old/PG_VERSION"), "9\n");
        var refusal = await Assert.ThrowsAsync<LocalServerException>(() => StartAsync("old"));
        Assert.Contains("made by PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private Task<PostgresServer> StartAsync(string directory) =>
        PostgresServer.StartAsync(_directory.In(directory), WithPassword, TimeProvider.System, CancellationToken.None);

    private static async Task<object?> ScalarAsync(PostgresServer postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
