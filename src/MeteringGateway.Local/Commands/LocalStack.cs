using MeteringGateway.Local.LocalServers;
using Npgsql;

namespace MeteringGateway.Local.Commands;

/// <summary>Redis and PostgreSQL of ./run: those that the configuration names, else private ones below the data directory.</summary>
internal sealed class LocalStack : IAsyncDisposable
{
    private RedisServer? _redis;
    private PostgresServer? _postgres;

    private LocalStack(string redis, string postgres)
    {
        RedisConnection = redis;
        PostgresConnection = postgres;
    }

    public string RedisConnection { get; private set; }
    public string PostgresConnection { get; private set; }

    /// <summary>As psql takes it. Null: PostgreSQL was not started here, and somebody else's password is not ours to write down.</summary>
    public string? PostgresUrl
    {
        get
        {
            if (_postgres is null)
            {
                return null;
            }

            var parts = new NpgsqlConnectionStringBuilder(PostgresConnection);
            var login = $"{Uri.EscapeDataString(parts.Username!)}:{Uri.EscapeDataString(parts.Password!)}";
            return $"postgresql://{login}@{parts.Host}:{parts.Port}/{Uri.EscapeDataString(parts.Database!)}";
        }
    }

    /// <param name="options">Where Redis and PostgreSQL are, unless both are to be started.</param>
    /// <param name="say">Gets a line for what takes long.</param>
    /// <param name="time">Runs the waiting.</param>
    /// <param name="cancellation">Gives up starting; what was started is stopped.</param>
    public static async Task<LocalStack> StartAsync(
        UpOptions options, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        var stack = new LocalStack(options.RedisConnection, options.PostgresConnection);
        if (!options.StartsStores)
        {
            return stack;
        }

        var data = options.Files.Data;
        var binaries = await ServerInstaller.EnsureAsync(forTests: false, say, cancellation);
        var complete = false;
        try
        {
            var redis = new RedisServerOptions { Password = PrivateFile.Secret(Path.Combine(data, "redis-password")) };
            stack._redis = await RedisServer.StartAsync(binaries.Redis!, Path.Combine(data, "redis"), redis, time, cancellation);
            stack.RedisConnection = stack._redis.ConnectionString;
            var postgres = new PostgresServerOptions { Password = PrivateFile.Secret(Path.Combine(data, "postgres-password")) };
            stack._postgres = await PostgresServer.StartAsync(
                binaries.Postgres, Path.Combine(data, "postgres"), postgres, time, cancellation);
            stack.PostgresConnection = stack._postgres.ConnectionString;
            complete = true;
            return stack;
        }
        finally
        {
            if (!complete)
            {
                await stack.DisposeAsync();
            }
        }
    }

    /// <summary>Should we be killed, Redis and PostgreSQL outlive the gateway's drain.</summary>
    public void StopAfter(int gateway, TimeSpan atMost)
    {
        _redis?.Process.StopAfter(gateway, atMost);
        _postgres?.Process.StopAfter(gateway, atMost);
    }

    /// <summary>Ends when one of our own servers does, with its name; never where there is none.</summary>
    public async Task<string> LossAsync()
    {
        var children = new[] { _redis?.Process, _postgres?.Process }.OfType<ChildServer>().ToDictionary(child => (Task)child.Exited);
        var first = await Task.WhenAny(children.Keys.Append(new TaskCompletionSource().Task));
        return children[first].Name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }
}
