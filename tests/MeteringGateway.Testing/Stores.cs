using System.Security.Cryptography;
using MeteringGateway.LocalServers;
using Npgsql;

namespace MeteringGateway.Testing;

/// <summary>A Redis of one's own and an empty database of one's own. Use as a class fixture, or make one per test.</summary>
public sealed class Stores : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly PostgresServer? _ownPostgres;

    private Stores(TemporaryDirectory directory, RedisServer redis, PostgresServer postgres, bool own, string postgresConnection)
    {
        _directory = directory;
        Redis = Serving = redis;
        Postgres = postgres;
        _ownPostgres = own ? postgres : null;
        PostgresConnection = postgresConnection;
        Books = new Books(postgresConnection);
    }

    internal RedisServer Redis { get; }

    /// <summary>Shared by the whole run unless asked for as one's own: don't stop what others use.</summary>
    internal PostgresServer Postgres { get; }

    /// <summary>The Redis that has the money now: another one after a failover. Whoever starts it ends it.</summary>
    internal RedisServer Serving { get; set; }

    /// <summary>Several addresses, of a cluster, in the place of the one Redis.</summary>
    public string? Cluster { get; set; }
    public string RedisConnection => Cluster ?? Serving.ConnectionString;
    public string PostgresConnection { get; }
    public Books Books { get; }

    internal static async Task<Stores> StartAsync(RedisServerOptions? redisOptions = null, bool ownPostgres = false)
    {
        var directory = new TemporaryDirectory();
        var redis = await RedisServer.StartAsync(directory.In("redis"), redisOptions ?? new RedisServerOptions(), TimeProvider.System, CancellationToken.None);
        var postgres = ownPostgres ? await SharedPostgres.StartAsync(directory) : await SharedPostgres.GetAsync();
        var database = "books_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        await postgres.CreateDatabaseAsync(database, CancellationToken.None);
        return new Stores(directory, redis, postgres, ownPostgres, postgres.ConnectionTo(database));
    }

    public async ValueTask DisposeAsync()
    {
        await Books.DisposeAsync();
        await Redis.DisposeAsync();
        if (_ownPostgres is not null)
        {
            await _ownPostgres.DisposeAsync();
        }
        else
        {
            NpgsqlConnection.ClearAllPools();
        }

        _directory.Dispose();
    }
}
