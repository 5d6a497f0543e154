using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FaultTests;

/// <summary>
/// Stores, proxies before them and providers; gateways are started as each test needs them. What breaks is made whole before the next test.
/// </summary>
public class FaultWorld : IAsyncLifetime
{
    public const int Partitions = PartitionSetup.DefaultCount;

    /// <summary>A hold's lifetime is the first plus the second; short, so that a test can outlast it.</summary>
    public const string TotalTimeout = "00:00:03";
    public const string HoldGrace = "00:00:02";
    public static readonly TimeSpan HoldLifetime = TimeSpan.FromSeconds(5);

    private readonly List<GatewayProcess> _gateways = [];

    /// <summary>Every gateway that was started for this case, the dead ones too.</summary>
    public IReadOnlyList<GatewayProcess> Started => _gateways;
    public Stores Stores { get; private set; } = null!;
    public ChaosProxy RedisProxy { get; private set; } = null!;
    public ChaosProxy PostgresProxy { get; private set; } = null!;
    public FakeProvider Alpha { get; } = FakeProvider.Start();
    public FakeProvider Beta { get; } = FakeProvider.Start();
    internal RedisServer Redis => Stores.Redis;
    internal PostgresServer Postgres => Stores.Postgres;
    internal virtual RedisServerOptions RedisOptions => new();

    public virtual async Task InitializeAsync()
    {
        Stores = await Stores.StartAsync(RedisOptions, ownPostgres: true);
        RedisProxy = ChaosProxy.Start(Redis.Port);
        PostgresProxy = ChaosProxy.Start(Postgres.Port);
    }

    public virtual async Task DisposeAsync()
    {
        await EndGatewaysAsync();
        await RedisProxy.DisposeAsync();
        await PostgresProxy.DisposeAsync();
        await Alpha.DisposeAsync();
        await Beta.DisposeAsync();
        await Stores.DisposeAsync();
    }

    /// <param name="fault">As METERING_FAULT takes it.</param>
    /// <param name="throughProxies">Redis and PostgreSQL behind the cutting proxies.</param>
    /// <param name="settings">More of the configuration, as environment variables.</param>
    public async Task<GatewayProcess> StartGatewayAsync(
        string? fault = null, bool throughProxies = false, params (string Name, string Value)[] settings)
    {
        var environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        if (fault is not null)
        {
            environment["METERING_FAULT"] = fault;
        }

        if (throughProxies)
        {
            environment["ConnectionStrings__Redis"] = RedisProxy.Address;
            environment["ConnectionStrings__Postgres"] = Stores.PostgresConnection.Replace(
                $"Port={Postgres.Port}", $"Port={PostgresProxy.Port}", StringComparison.Ordinal);
        }

        var gateway = await GatewayProcess.StartAsync(Stores, Configuration(), environment);
        _gateways.Add(gateway);
        return gateway;
    }

    /// <summary>A gateway of another build, on the same stores.</summary>
    public async Task<GatewayProcess> StartBuildAsync(string program)
    {
        var gateway = await GatewayProcess.StartAsync(Stores, Configuration(), program: program);
        _gateways.Add(gateway);
        return gateway;
    }

    /// <summary>A case of its own accounts: one rich, one whose key has a limit, one whose balance runs out.</summary>
    public async Task<FaultCase> OpenAsync(string fault, params GatewayProcess[] gateways)
    {
        var answer = FakeReply.Json("""{"answer":42}""") with { Delay = TimeSpan.FromMilliseconds(5) };
        (Alpha.Script, Beta.Script) = (_ => answer, _ => answer);
        var client = gateways[0].Client;
        var keys = new List<WorkloadKey>();
        var credited = new Dictionary<long, long>();
        foreach (var (credits, limit) in new[] { (1_000_000L, (long?)null), (1_000_000L, 900), (400L, null) })
        {
            var account = await client.CreateAccountAsync(credits);
            var secret = await client.CreateKeyAsync(
                account, new { name = "fault", mode = "live", spending_limit = limit, spending_type = limit is null ? null : "FIXED" });
            credited[account] = credits;
            keys.AddRange([new WorkloadKey(account, secret, "two", 2), new WorkloadKey(account, secret, "five", 5)]);
            if (keys.Count == 2)
            {
                // Most calls succeed, so that a fault meets work.
                keys.AddRange([.. keys, .. keys]);
            }
        }

        return new FaultCase(this, fault, keys, credited, StoreSampler.Start(Stores.RedisConnection, Stores.Books, Partitions), gateways);
    }

    public async Task EndGatewaysAsync()
    {
        await Task.WhenAll(_gateways.Select(gateway => gateway.EndAsync()));
        _gateways.Clear();
    }

    private object Configuration() => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object>
            {
                ["alpha"] = new { Destinations = new { a1 = new { Alpha.Address } } },
                ["beta"] = new { Destinations = new { b1 = new { Beta.Address } } },
            },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["two"] = new
            {
                Name = "Two",
                Price = new { Credits = 2 },
                Providers = new[] { "alpha", "beta" },
                AttemptTimeout = "00:00:02",
                TotalTimeout,
            },
            ["five"] = new
            {
                Name = "Five",
                Price = new { Credits = 5 },
                Providers = new[] { "beta", "alpha" },
                AttemptTimeout = "00:00:02",
                TotalTimeout,
            },
        },
        Credits = new { HoldGrace },
        Payments = new { Sandbox = new { Enabled = true } },
    };
}

/// <summary>The same on a Redis that syncs its file once a second.</summary>
public sealed class EverySecondWorld : FaultWorld
{
    internal override RedisServerOptions RedisOptions => new() { AppendFsync = "everysec" };
}
