using System.Text.Json;
using MeteringGateway.Load.Accounts;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Load.Stack;

/// <summary>Gateways with a Redis and a PostgreSQL of their own, whose settings are those of <c>./run</c>. One caller at a time.</summary>
internal sealed class GatewayStack : IAsyncDisposable
{
    private readonly Workspace _workspace;
    private readonly string _configFile;
    private readonly List<DotnetServer> _gateways = [];

    private GatewayStack(Workspace workspace, string configFile, RedisServer redis, PostgresServer postgres)
    {
        (_workspace, _configFile, Redis, Postgres) = (workspace, configFile, redis, postgres);
        Ledger = new Ledger(postgres.ConnectionString, redis.Port);
    }

    public RedisServer Redis { get; }
    public PostgresServer Postgres { get; }
    public Ledger Ledger { get; }
    public IReadOnlyList<DotnetServer> Gateways => _gateways;

    /// <summary>Redis and PostgreSQL, without a gateway yet.</summary>
    /// <param name="surfaces">The surfaces and their providers.</param>
    public static async Task<GatewayStack> StartAsync(
        Workspace workspace, IReadOnlyList<SoldSurface> surfaces, CancellationToken cancellation)
    {
        var config = workspace.In("gateway.json");
        await File.WriteAllTextAsync(config, Configuration(surfaces), cancellation);
        var redis = await RedisServer.StartAsync(
            workspace.In("gateway-redis"), new RedisServerOptions { AppendFsync = "everysec" }, TimeProvider.System, cancellation);
        var postgres = await PostgresServer.StartAsync(
            workspace.In("postgres"), new PostgresServerOptions(), TimeProvider.System, cancellation);
        return new GatewayStack(workspace, config, redis, postgres);
    }

    public async Task<DotnetServer> StartGatewayAsync(CancellationToken cancellation)
    {
        var gateway = await DotnetServer.StartAsync(
            _workspace, "gateway", Programs.Gateway, _ => ["serve"], "readyz",
            new Dictionary<string, string>
            {
                ["GATEWAY_CONFIG"] = _configFile,
                ["ConnectionStrings__Redis"] = Redis.ConnectionString,
                ["ConnectionStrings__Postgres"] = Postgres.ConnectionString,
                ["Admin__Token"] = OperatorApi.Token,
            },
            cancellation);
        _gateways.Add(gateway);
        return gateway;
    }

    public async Task StopGatewayAsync(DotnetServer gateway)
    {
        _gateways.Remove(gateway);
        await gateway.DisposeAsync();
    }

    /// <summary>The accounts from 1 to that number, each with one key, whose texts are in the file of keys.</summary>
    public Task MakeAccountsAsync(int count, CancellationToken cancellation) =>
        BulkAccounts.MakeAsync(Ledger.Database, _workspace.KeyFile, count, cancellation);

    public static Uri Query(DotnetServer gateway) => new(gateway.Address, "api/v1/query");

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await Ledger.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private static string Configuration(IReadOnlyList<SoldSurface> surfaces) => JsonSerializer.Serialize(new
    {
        ReverseProxy = new
        {
            Clusters = surfaces.SelectMany(surface => surface.Chain).ToDictionary(provider => provider.Name, provider => new
            {
                Destinations = new { One = new { Address = provider.Address.GetLeftPart(UriPartial.Authority) } },
                HttpRequest = provider.OverHttp2
                    ? new { Version = "2", VersionPolicy = "RequestVersionExact" }
                    : new { Version = "1.1", VersionPolicy = "RequestVersionExact" },
            }),
        },
        Surfaces = surfaces.ToDictionary(surface => surface.Name, surface => new
        {
            surface.Name,
            surface.Price,
            Providers = surface.Chain.Select(provider => provider.Name),
            surface.AttemptTimeout,
            TotalTimeout = "00:01:00",
            StreamTimeout = "01:00:00",
        }),
        // All load comes from one address, up to ten thousand calls in flight.
        Clients = new { MaxConnections = 20_000 },
        // No balancer has to learn of a stop.
        Hosting = new { StopDelay = "00:00:00" },
    });
}
