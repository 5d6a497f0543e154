using System.Net;
using System.Text.Json;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Testing;

/// <summary>The real gateway as a process of its own, on a free port. Start two on the same stores for two gateways.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    public const string AdminToken = "operator-token-of-the-tests-0123456789";

    /// <summary>A start that writes a whole schema, on a machine that does other things as well.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly ChildServer _child;

    private GatewayProcess(TemporaryDirectory directory, ChildServer child, Uri address, Uri management)
    {
        _directory = directory;
        _child = child;
        Address = address;
        Management = management;
        Client = new GatewayClient(address);
    }

    public Uri Address { get; }

    /// <summary>Where probes and operators are answered: the first of <c>Management:Urls</c>, else where all are.</summary>
    public Uri Management { get; }
    public GatewayClient Client { get; }
    public string ConfigFile => _directory.In("gateway.json");
    public int Pid => _child.Pid;

    /// <summary>128 + n when a signal ended it.</summary>
    public Task<int> Exited => _child.Exited;

    /// <summary>What it has written so far, both outputs; empty until it has begun.</summary>
    public string Log => File.Exists(_directory.In("gateway.log")) ? File.ReadAllText(_directory.In("gateway.log")) : "";

    /// <summary>Starts it and waits until it is alive; if it ends before, the exception carries its log.</summary>
    /// <param name="stores">What it works on.</param>
    /// <param name="config">Its file.</param>
    /// <param name="environment">Over the file.</param>
    /// <param name="program">Another build than that of the tests.</param>
    public static async Task<GatewayProcess> StartAsync(
        Stores stores, object config, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var gateway = await LaunchAsync(stores, config, environment, program);
        using var probe = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway.Management };
        var alive = false;
        await Readiness.PollAsync(
            async token => gateway.Exited.IsCompleted || (alive = await IsAliveAsync(probe, token)),
            StartPatience, TimeProvider.System, CancellationToken.None);
        if (alive)
        {
            return gateway;
        }

        var log = gateway.Log;
        await gateway.DisposeAsync();
        throw new InvalidOperationException($"The gateway did not start: {log}");
    }

    /// <summary>Starts it and does not wait: for configurations that must stop it.</summary>
    public static async Task<GatewayProcess> LaunchAsync(
        Stores stores, object config, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.In("gateway.json"), config as string ?? JsonSerializer.Serialize(config));
        var address = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}");
        var variables = new Dictionary<string, string>
        {
            ["GATEWAY_CONFIG"] = directory.In("gateway.json"),
            ["ConnectionStrings__Redis"] = stores.RedisConnection,
            ["ConnectionStrings__Postgres"] = stores.PostgresConnection,
            ["Admin__Token"] = AdminToken,
            ["Urls"] = address.GetLeftPart(UriPartial.Authority),

            // No balancer looks at a gateway of the tests.
            ["Hosting__StopDelay"] = "00:00:00",

            // Hundreds of them start, and none lives long enough to win back what it costs to prepare for a long life under load.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_EnableWriteXorExecute"] = "0",
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            variables[name] = value;
        }

        program ??= typeof(GatewayProcess).Assembly.Location.Replace(
            "MeteringGateway.Testing.dll", "MeteringGateway.dll", StringComparison.Ordinal);
        var child = await ChildServer.StartAsync(
            new ChildServerStart("MeteringGateway", ["dotnet", program, "serve"])
            {
                WorkingDirectory = directory.Path,
                LogFile = directory.In("gateway.log"),
                Grace = TimeSpan.FromMinutes(2),
                Environment = variables,
            },
            TimeProvider.System,
            CancellationToken.None);
        var management = variables.GetValueOrDefault("Management__Urls") is { } urls ? new Uri(urls.Split(';')[0]) : address;
        return new GatewayProcess(directory, child, address, management);
    }

    /// <summary>Replaces the configuration file in one step, as a deployment would.</summary>
    public async Task ReplaceConfigAsync(object config)
    {
        await File.WriteAllTextAsync(ConfigFile + ".new", config as string ?? JsonSerializer.Serialize(config));
        File.Move(ConfigFile + ".new", ConfigFile, overwrite: true);
    }

    /// <summary>Waits for one of the words that the body says: <c>ready</c>, <c>degraded</c>, <c>not ready</c>.</summary>
    public Task AwaitReadyzAsync(string status) => Eventually.TrueAsync(
        async () => (await Client.SendAsync(HttpMethod.Get, "readyz", null, null)).Json.GetProperty("status").GetString() == status,
        () => $"readyz is not {status}");

    public Task AwaitReadyzAsync(HttpStatusCode status) => Eventually.TrueAsync(
        async () => (await Client.SendAsync(HttpMethod.Get, "readyz", null, null)).Status == status, () => $"readyz is not {(int)status}");

    /// <summary>SIGTERM, then its exit code.</summary>
    public Task<int> StopAsync() => _child.StopAsync();

    public Task Kill9Async() => _child.KillAsync();
    public void Pause() => _child.Pause();
    public void Resume() => _child.Resume();

    /// <summary>At once, for what it would still do nobody looks at.</summary>
    public async Task EndAsync()
    {
        if (!Exited.IsCompleted)
        {
            await Kill9Async();
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _child.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task<bool> IsAliveAsync(HttpClient probe, CancellationToken cancellation)
    {
        try
        {
            using var answer = await probe.GetAsync("healthz", cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
