using MeteringGateway.LocalServers;
using Npgsql;

namespace MeteringGateway.Console;

/// <summary>The two stores of ./run: those that the configuration names, else private ones below the data directory.</summary>
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

    /// <summary>Both stores were started here, for this machine alone: nothing of anybody else's stands in them.</summary>
    public bool IsOwn => _redis is not null && _postgres is not null;

    /// <summary>As psql takes it.</summary>
    public string PostgresUrl
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(PostgresConnection);
            var user = parts.Username is null ? "" : Uri.EscapeDataString(parts.Username) + (parts.Password is null ? "" : ":" + Uri.EscapeDataString(parts.Password)) + "@";
            return $"postgresql://{user}{parts.Host}:{parts.Port}/{Uri.EscapeDataString(parts.Database ?? parts.Username ?? "")}";
        }
    }

    /// <param name="configuration">Where ConnectionStrings:Redis and ConnectionStrings:Postgres may stand.</param>
    /// <param name="data">The directory that is kept between runs.</param>
    /// <param name="say">Gets a line for what takes long.</param>
    /// <param name="time">Runs the waiting.</param>
    /// <param name="cancellation">Gives up starting; what was started is stopped.</param>
    public static async Task<LocalStack> StartAsync(IConfiguration configuration, string data, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        var stack = new LocalStack(configuration.GetConnectionString("Redis") ?? "", configuration.GetConnectionString("Postgres") ?? "");
        var needsRedis = stack.RedisConnection.Length == 0;
        var needsPostgres = stack.PostgresConnection.Length == 0;
        if (!needsRedis && !needsPostgres)
        {
            return stack;
        }

        var binaries = await ServerInstaller.EnsureAsync(needsRedis, needsPostgres, say, cancellation);
        var complete = false;
        try
        {
            if (needsRedis)
            {
                var options = new RedisServerOptions { Password = PrivateFile.Secret(Path.Combine(data, "redis-password")) };
                stack._redis = await RedisServer.StartAsync(binaries.Redis!, Path.Combine(data, "redis"), options, time, cancellation);
                stack.RedisConnection = stack._redis.ConnectionString;
            }

            if (needsPostgres)
            {
                var options = new PostgresServerOptions { Password = PrivateFile.Secret(Path.Combine(data, "postgres-password")) };
                stack._postgres = await PostgresServer.StartAsync(binaries.Postgres, Path.Combine(data, "postgres"), options, time, cancellation);
                stack.PostgresConnection = stack._postgres.ConnectionString;
            }

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

    /// <summary>Should we be killed, the stores outlive the gateway's drain.</summary>
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
