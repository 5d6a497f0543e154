using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Dialects;

[CollectionDefinition(Name)]
public sealed class DialectTestGroup : ICollectionFixture<DialectGateway>
{
    public const string Name = "dialects";
}

/// <summary>
/// One gateway with the documents' own catalog: the ad surface, a flat one, packages and plans as in the examples.
/// A credit is 0.10 USD, as Dessert's.
/// </summary>
public sealed class DialectGateway : IAsyncLifetime
{
    private Stores? _stores;
    private GatewayProcess? _gateway;

    public FakeProvider Provider { get; } = FakeProvider.Start("""{"usage":{"total_tokens":1523},"answer":"ok"}""");
    public Stores Stores => _stores!;
    public GatewayClient Client => _gateway!.Client;
    public Uri Address => _gateway!.Address;
    public string PlanId { get; private set; } = "";
    public long PackageId { get; private set; }

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(Stores, Config(Provider, "0.10"));
        PackageId = (await Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", new
        {
            slug = "starter-250",
            name = "Starter 250",
            description = "To start with",
            credits = 250,
            price_cents = 2500,
            currency = "USD",
            sort_order = 3,
        })).Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        PlanId = (await Client.AdminAsync(HttpMethod.Post, "admin/billing/plans", new
        {
            name = "Pro",
            description = "For growing teams",
            price_monthly = 999,
            price_yearly = 9990,
            credits_included = 10000,
            features = new[] { "Unlimited AI chat", "Priority support" },
        })).Expect(HttpStatusCode.Created).GetProperty("data").GetProperty("id").GetString()!;
    }

    public async Task DisposeAsync()
    {
        await _gateway!.DisposeAsync();
        await Provider.DisposeAsync();
        await Stores.DisposeAsync();
    }

    public async Task<Customer> NewCustomerAsync(long credits = 0)
    {
        var account = await Client.CreateAccountAsync(credits);
        return new Customer(
            account,
            await Client.CreateKeyAsync(account),
            await Client.CreateKeyAsync(account, new { name = "test", mode = "test" }),
            (await Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).Expect(HttpStatusCode.Created)
                .GetProperty("session").GetString()!);
    }

    public Task<GatewayAnswer> GetAsync(string path, string? bearer, params (string Name, string Value)[] headers) =>
        Client.SendAsync(HttpMethod.Get, path, bearer, null, headers);

    public Task<GatewayAnswer> PostAsync(string path, string? bearer, object? body, params (string Name, string Value)[] headers) =>
        Client.SendAsync(HttpMethod.Post, path, bearer, body is null ? null : JsonContent.Create(body), headers);

    public async Task<JsonElement> ReadAsync(string path, string bearer) => (await GetAsync(path, bearer)).Expect(HttpStatusCode.OK);

    public static object Config(FakeProvider provider, string creditUsd) => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object> { ["alpha"] = new { Destinations = new { a1 = new { provider.Address } } } },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["ad"] = Surface(
                "API ad generation",
                new { Per = "count", By = "format", Credits = new Dictionary<string, int> { ["static"] = 5, ["full"] = 15 } }),
            ["search"] = Surface("Web search", new { Credits = 2 }),
            ["chat"] = Surface("AI chat completion", new { Usage = "usage.total_tokens", CreditsPerThousand = 3, MaxCredits = 50 }),
        },
        Credits = new { Usd = creditUsd },
        Payments = new { Sandbox = new { Enabled = true } },
    };

    private static object Surface(string name, object price) => new { Name = name, Price = price, Providers = new[] { "alpha" } };
}

/// <summary>An account and its three kinds of credentials.</summary>
public sealed record Customer(long Account, string Key, string TestKey, string Session);
