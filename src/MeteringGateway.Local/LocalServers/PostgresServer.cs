using System.Globalization;
using Npgsql;

namespace MeteringGateway.Local.LocalServers;

/// <summary>A private PostgreSQL on the loopback address, its data in one directory. One caller at a time.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>After a kill -9 the old backends hold the shared memory until they notice; 1.3 s was seen.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);
    private const int Attempts = 20;

    private readonly string _directory;
    private readonly PostgresServerOptions _options;
    private readonly TimeProvider _time;
    private string _bin = "";
    private PostgresRunAs _runAs = null!;
    private ChildServer _child = null!;

    private PostgresServer(string directory, PostgresServerOptions options, TimeProvider time)
    {
        _directory = directory;
        _options = options;
        _time = time;
    }

    public int Port { get; private set; }
    public int Pid => _child.Pid;
    public ChildServer Process => _child;
    public string ConnectionString => ConnectionTo(_options.Database);

    public static async Task<PostgresServer> StartAsync(
        string directory, PostgresServerOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var binaries = (await ServerBinaries.FindAsync(cancellation)).Postgres;
        return await StartAsync(binaries, directory, options, time, cancellation);
    }

    public static async Task<PostgresServer> StartAsync(
        IReadOnlyDictionary<int, string> binaries,
        string directory,
        PostgresServerOptions options,
        TimeProvider time,
        CancellationToken cancellation)
    {
        if (binaries.Count == 0)
        {
            throw new LocalServerException("PostgreSQL is missing.");
        }

        var server = new PostgresServer(Path.GetFullPath(directory), options, time);
        var parent = Path.GetDirectoryName(server._directory)!;
        Directory.CreateDirectory(parent);
        server._runAs = await PostgresRunAs.ForAsync(parent, cancellation);
        server._bin = await new PostgresData(server._directory, binaries, server._runAs).PrepareAsync(options, cancellation);
        await server.LaunchAsync(options.Port, cancellation);
        await server.CreateDatabaseAsync(options.Database, cancellation);
        return server;
    }

    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = _options.Password,
        Database = database,
    }.ConnectionString;

    /// <summary>A program of the version that serves, as <c>pg_dump</c> must be.</summary>
    public string Tool(string name) => Path.Combine(_bin, name);

    /// <summary>Makes the database unless it is there: as a copy of the template, to which nobody may be connected, or empty.</summary>
    public async Task CreateDatabaseAsync(string name, CancellationToken cancellation, string? template = null)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionTo("postgres") + ";Pooling=false");
        await using var exists = source.CreateCommand("select 1 from pg_database where datname = @name");
        exists.Parameters.AddWithValue("name", name);
        if (await exists.ExecuteScalarAsync(cancellation) is null)
        {
            await using var create = source.CreateCommand($"create database {Quoted(name)} template {Quoted(template ?? "template1")}");
            await create.ExecuteNonQueryAsync(cancellation);
        }
    }

    public Task StopAsync() => _child.StopAsync();

    /// <summary>Kills the postmaster; its backends notice and end by themselves a little later.</summary>
    public Task KillAsync() => _child.KillAsync();

    /// <summary>Stops the postmaster only: no new connection is taken, those that are open go on.</summary>
    public void Pause() => _child.Pause();
    public void Resume() => _child.Resume();

    /// <summary>Again on the same port and data, after a stop or a kill.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await _child.DisposeAsync();
        await LaunchAsync(Port, cancellation);
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private async Task LaunchAsync(int? port, CancellationToken cancellation)
    {
        var log = _directory + ".log";
        for (var attempt = 1; ; attempt++)
        {
            Port = port ?? LoopbackPort.Free();
            _child = await ChildServer.StartAsync(
                new ChildServerStart("postgres", [.. _runAs.Prefix, Path.Combine(_bin, "postgres"), "-D", _directory, .. Settings()])
                {
                    WorkingDirectory = "/",
                    LogFile = log,
                    PidFile = _directory + ".pid",
                    // Fast shutdown: SIGTERM would wait for every client to leave.
                    StopSignal = "INT",
                },
                _time,
                cancellation);
            var child = _child;
            var ready = false;
            await Readiness.PollAsync(
                async token => child.Exited.IsCompleted || (ready = await AnswersAsync(token)), StartPatience, _time, cancellation);
            if (ready && !child.Exited.IsCompleted)
            {
                return;
            }

            await child.DisposeAsync();
            var passing = ServerLog.EndsWith(log, "shared memory block", "lock file")
                || (port is null && ServerLog.EndsWith(log, "Address already in use"));
            if (!passing || attempt == Attempts)
            {
                throw new LocalServerException($"PostgreSQL did not start on port {Port}: {ServerLog.LastLine(log)} (all of it: {log})");
            }

            await Task.Delay(RetryPause, _time, cancellation);
        }
    }

    private IEnumerable<string> Settings() =>
        new[]
        {
            "listen_addresses=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port={Port}"),
            "unix_socket_directories=",
            string.Create(CultureInfo.InvariantCulture, $"max_connections={_options.MaxConnections}"),
            $"fsync={(_options.Fsync ? "on" : "off")}",
        }.SelectMany(setting => new[] { "-c", setting });

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new LocalServerException($"{_directory} was made with another password than the one kept beside it.");
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
