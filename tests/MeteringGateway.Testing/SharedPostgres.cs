using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Testing;

/// <summary>
/// One PostgreSQL for all test classes of a run, started at the first use: initdb costs half a second, a database of one's own a tenth.
/// It ends with the test process, by its watchdog if need be.
/// </summary>
internal static class SharedPostgres
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(StartAsync);

    public static Task<PostgresServer> GetAsync() => Server.Value;

    private static async Task<PostgresServer> StartAsync()
    {
        var directory = new TemporaryDirectory();
        var server = await StartAsync(directory);
        // The runner tells nobody that the last test is over, and gives an exit handler no time.
        server.Process.RemoveAfterwards(directory.Path);
        return server;
    }

    public static Task<PostgresServer> StartAsync(TemporaryDirectory directory) => PostgresServer.StartAsync(
        directory.In("postgres"), new PostgresServerOptions { Fsync = false, Database = "postgres", MaxConnections = 300 },
        TimeProvider.System, CancellationToken.None);
}
