using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Providers;

/// <summary>A gateway of one test on stores of its own, with an account of a thousand credits and its key.</summary>
internal sealed class ProvidersGateway : IAsyncDisposable
{
    private ProvidersGateway(Stores stores, GatewayProcess process, long account, string key) =>
        (Stores, Process, Account, Key) = (stores, process, account, key);

    public Stores Stores { get; }
    public GatewayProcess Process { get; }
    public long Account { get; }
    public string Key { get; }

    public static async Task<ProvidersGateway> StartAsync(object config)
    {
        var stores = await Stores.StartAsync();
        var process = await GatewayProcess.StartAsync(stores, config);
        var account = await process.Client.CreateAccountAsync(1000);
        return new ProvidersGateway(stores, process, account, await process.Client.CreateKeyAsync(account));
    }

    /// <summary>A surface that costs 1, whose attempts may take a second and whose calls three.</summary>
    public static object Surface(params string[] providers) =>
        new { Price = new { Credits = 1 }, Providers = providers, AttemptTimeout = "00:00:01", TotalTimeout = "00:00:03" };

    public static object Cluster(string address) => new { Destinations = new { d1 = new { Address = address } } };

    public Task<GatewayAnswer> CallAsync(string surface = "search", params (string Name, string Value)[] headers) =>
        Process.Client.QueryAsync(Key, $$"""{"surface":"{{surface}}"}""", headers);

    public async Task<string> MetricsAsync() => (await Process.Client.SendAsync(HttpMethod.Get, "metrics", null, null)).Text;

    public Task AwaitMetricAsync(string line) =>
        Eventually.TrueAsync(async () => (await MetricsAsync()).Contains(line + "\n", StringComparison.Ordinal), () => $"no '{line}'");

    public Task<GatewayAnswer> ReadyAsync() => Process.Client.SendAsync(HttpMethod.Get, "readyz", null, null);

    public async ValueTask DisposeAsync()
    {
        await Process.EndAsync();
        await Stores.DisposeAsync();
    }
}
