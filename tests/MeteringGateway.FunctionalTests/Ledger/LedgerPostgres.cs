using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Ledger;

/// <summary>A private PostgreSQL for the ledger's tests: its own folder, its own port, gone when the tests end.</summary>
public sealed class LedgerPostgres : IAsyncLifetime
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-postgres-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;

    public string Connection(string database) =>
        string.Create(
            CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Maximum Pool Size=20");

    public async Task InitializeAsync()
    {
        await RunAsync("chown", "postgres", _folder);
        await RunAsync("runuser", "-u", "postgres", "--", $"{Binaries}/initdb", "-D", $"{_folder}/data", "-A", "trust", "-N");
        _server = Start("runuser", "-u", "postgres", "--", $"{Binaries}/postgres", "-D", $"{_folder}/data", "-k",
            _folder, "-h", "127.0.0.1",
            "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "fsync=off");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await AnswersAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync("runuser", "-u", "postgres", "--", $"{Binaries}/pg_ctl", "-D", $"{_folder}/data", "stop", "-m", "immediate");
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>An empty database of its own for one test.</summary>
    public async Task<NpgsqlDataSource> NewDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await using var server = NpgsqlDataSource.Create(Connection("postgres"));
        await using var create = server.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync();
        return NpgsqlDataSource.Create(Connection(name));
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}");
    }

    private static Process Start(params string[] command)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[CollectionDefinition(Name)]
public sealed class LedgerTestGroup : ICollectionFixture<LedgerPostgres>
{
    public const string Name = "ledger";
}
