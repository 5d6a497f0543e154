using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>One gateway on its own stores, with two scripted providers: every surface's chain is alpha, then beta.</summary>
public sealed class MeteringFixture : IAsyncLifetime
{
    private Stores? _stores;
    private GatewayProcess? _gateway;

    public FakeProvider Alpha { get; } = FakeProvider.Start();
    public FakeProvider Beta { get; } = FakeProvider.Start();
    public Stores Stores => _stores!;
    public GatewayProcess Gateway => _gateway!;
    public GatewayClient Client => Gateway.Client;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            Stores, Config(Alpha, Beta), new Dictionary<string, string> { ["ALPHA_KEY"] = "alpha-secret" });
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Alpha.DisposeAsync();
        await Beta.DisposeAsync();
        await Stores.DisposeAsync();
    }

    /// <summary>A key of a new account with so many credits; both providers answer well again.</summary>
    public async Task<(long Account, string Key)> NewKeyAsync(long credits = 100, object? fields = null)
    {
        (Alpha.Script, Beta.Script) = (_ => FakeReply.Json("""{"from":"alpha"}"""), _ => FakeReply.Json("""{"from":"beta"}"""));
        var account = await Client.CreateAccountAsync(credits);
        return (account, await Client.CreateKeyAsync(account, fields));
    }

    public static object Config(FakeProvider alpha, FakeProvider beta) => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object>
            {
                ["alpha"] = new
                {
                    Destinations = new { a1 = new { alpha.Address } },
                    Metadata = new Dictionary<string, string> { ["Path"] = "/v1/answer", ["Header:Authorization"] = "Bearer ${ALPHA_KEY}" },
                },
                ["named"] = new
                {
                    Destinations = new { n1 = new { alpha.Address, Host = "api.example.com" } },
                    Metadata = new { Path = "/v1/models/a%2Fb/\u00E9?version=2&q=%20" },
                },
                ["down"] = new { Destinations = new { d1 = new { Address = $"http://127.0.0.1:{LoopbackPort.Free()}" } } },
                ["beta"] = new { Destinations = new { b1 = new { beta.Address } } },
            },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["search"] = Surface("Web search", new { Credits = 2 }),
            ["seven"] = Surface("Seven", new { Credits = 7 }),
            ["ads"] = Surface(
                "API ad generation",
                new { Per = "count", By = "format", Credits = new Dictionary<string, int> { ["static"] = 5, ["full"] = 15 } }),
            ["chat"] = Surface("Chat", new { Usage = "usage.total_tokens", CreditsPerThousand = 3, MaxCredits = 50 }),
            ["down-first"] = new { Name = "Down first", Price = new { Credits = 7 }, Providers = new[] { "down", "beta" } },
            ["exact"] = new
            {
                Name = "Exact",
                Price = new { Credits = 7 },
                Providers = new[] { "alpha", "beta" },
                FallbackStatuses = new[] { 503 },
            },
            ["none"] = new
            {
                Name = "None",
                Price = new { Credits = 7 },
                Providers = new[] { "alpha", "beta" },
                FallbackStatuses = Array.Empty<int>(),
            },
            ["named"] = new { Name = "Named", Price = new { Credits = 7 }, Providers = new[] { "named" } },
            ["passing"] = new
            {
                Price = new { Credits = 2 },
                Providers = new[] { "alpha" },
                PassHeaders = new[] { "anthropic-version", "X-Trace" },
            },
            ["small"] = new { Name = "Small", Price = new { Credits = 1 }, Providers = new[] { "alpha" }, MaxRequestBytes = 100 },
        },
        Credits = new { HoldGrace = "00:00:01" },

        // The tests of one class make the same provider fail again and again, and each wants to see it tried.
        Providers = new { Health = new { Enabled = false } },
    };

    private static object Surface(string name, object price) =>
        new { Name = name, Price = price, Providers = new[] { "alpha", "beta" }, AttemptTimeout = "00:00:01", TotalTimeout = "00:00:03" };
}
