using System.Security.Cryptography;
using MeteringGateway.Local.LocalServers;
using Npgsql;

namespace MeteringGateway.Testing;

/// <summary>A Redis of one's own and an empty database of one's own. Use as a class fixture, or make one per test.</summary>
public sealed class Stores : IAsyncDisposable
{
    private readonly TemporaryDirectory _redisDirectory;
    private readonly TemporaryDirectory? _postgresDirectory;

    private Stores(
        TemporaryDirectory redisDirectory, RedisServer redis, TemporaryDirectory? postgresDirectory, PostgresServer postgres,
        string postgresConnection)
    {
        (_redisDirectory, _postgresDirectory) = (redisDirectory, postgresDirectory);
        Redis = Serving = redis;
        Postgres = postgres;
        PostgresConnection = postgresConnection;
        Books = new Books(postgresConnection);
    }

    internal RedisServer Redis { get; }

    /// <summary>Shared by the whole run unless asked for as one's own: don't stop what others use.</summary>
    internal PostgresServer Postgres { get; }

    /// <summary>The Redis that has the money now: another one after a failover. The test that starts it ends it.</summary>
    internal RedisServer Serving { get; set; }

    /// <summary>Several addresses, of a cluster, in the place of the one Redis.</summary>
    public string? Cluster { get; set; }
    public string RedisConnection => Cluster ?? Serving.ConnectionString;
    public string PostgresConnection { get; }
    public Books Books { get; }

    internal static async Task<Stores> StartAsync(RedisServerOptions? redisOptions = null, bool ownPostgres = false)
    {
        var redisDirectory = TemporaryDirectory.ForRedis();
        var redis = await RedisServer.StartAsync(
            redisDirectory.In("redis"), redisOptions ?? new RedisServerOptions(), TimeProvider.System, CancellationToken.None);
        var postgresDirectory = ownPostgres ? new TemporaryDirectory() : null;
        var postgres = postgresDirectory is null ? await SharedPostgres.GetAsync() : await SharedPostgres.StartAsync(postgresDirectory);
        var database = "books_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        await postgres.CreateDatabaseAsync(database, CancellationToken.None);
        return new Stores(redisDirectory, redis, postgresDirectory, postgres, postgres.ConnectionTo(database));
    }

    public async ValueTask DisposeAsync()
    {
        await Books.DisposeAsync();
        await Redis.DisposeAsync();
        _redisDirectory.Dispose();
        if (_postgresDirectory is not null)
        {
            await Postgres.DisposeAsync();
            _postgresDirectory.Dispose();
        }
        else
        {
            NpgsqlConnection.ClearAllPools();
        }
    }
}
