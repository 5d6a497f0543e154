using System.Net;
using System.Net.Http.Json;
using Dapper;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.BrowserTests.Harness;

[CollectionDefinition(Name)]
public sealed class ConsoleTestGroup : ICollectionFixture<ConsoleWorld>
{
    public const string Name = "console";
}

/// <summary>A gateway with open sign-up, a catalog and the sandbox, as a new customer finds it.</summary>
public sealed class ConsoleWorld : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    private Stores? _stores;
    private GatewayProcess? _gateway;

    public FakeProvider Provider { get; } = FakeProvider.Start("""{"usage":{"total_tokens":1523},"answer":"ok"}""");
    public Stores Stores => _stores!;
    public GatewayProcess Gateway => _gateway!;
    public GatewayClient Client => Gateway.Client;

    /// <summary>As a browser names it: without a slash at the end.</summary>
    public string Origin => Gateway.Address.GetLeftPart(UriPartial.Authority);
    public long Package { get; private set; }
    public string Plan { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await StartAsync();
        Package = (await Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", new
        {
            slug = "starter-250",
            name = "Starter 250",
            description = "To start with",
            credits = 250,
            price_cents = 2500,
        })).Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        Plan = (await Client.AdminAsync(HttpMethod.Post, "admin/billing/plans", new
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
        await Gateway.DisposeAsync();
        await Provider.DisposeAsync();
        await Stores.DisposeAsync();
    }

    /// <summary>One more gateway on the same stores.</summary>
    public Task<GatewayProcess> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["People__SignUp"] = "open",
            ["People__PasswordIterations"] = "10000",
            ["People__AttemptsPerAddress"] = "100000",
            ["Clients__MaxFailures"] = "1000000",
            ["Notices__AllowPrivateTargets"] = "true",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return GatewayProcess.StartAsync(Stores, Config(), settings);
    }

    internal async Task<Person> NewPersonAsync(long credits = 0, string name = "Ada Lovelace")
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var made = (await PostAsync("api/auth/sign-up", null, new { email, password = Password, full_name = name }))
            .Expect(HttpStatusCode.Created);
        var account = made.GetProperty("user").GetProperty("id").GetInt64();
        if (credits > 0)
        {
            await Client.CreditAsync(account, credits);
        }

        return new Person(account, email, Password, made.GetProperty("session").GetString()!);
    }

    public Task<GatewayAnswer> PostAsync(string path, string? bearer, object? body) =>
        Client.SendAsync(HttpMethod.Post, path, bearer, body is null ? null : JsonContent.Create(body));

    /// <summary>Saves a payment method, on the page of the sandbox.</summary>
    internal async Task SaveMethodAsync(Person person)
    {
        var page = (await PostAsync("payment/create-session", person.Session, new
        {
            type = "setup",
            channel = "sandbox",
            success_url = Origin + "/console/credits",
            cancel_url = Origin + "/console/credits",
        })).ExpectSuccess().GetProperty("data").GetProperty("redirect_url").GetString()!;
        using var pay = new FormUrlEncodedContent([new("action", "pay")]);
        await Client.SendAsync(HttpMethod.Post, new Uri(page).PathAndQuery.TrimStart('/'), null, pay);
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(Stores.PostgresConnection);
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    private object Config() => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object> { ["alpha"] = new { Destinations = new { a1 = new { Provider.Address } } } },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["search"] = new { Name = "Web search", Price = new { Credits = 2 }, Providers = new[] { "alpha" } },
            ["chat"] = new
            {
                Name = "AI chat completion",
                Price = new { Usage = "usage.total_tokens", CreditsPerThousand = 3, MaxCredits = 50 },
                Providers = new[] { "alpha" },
            },
        },
        Credits = new { Usd = "0.10" },
        Payments = new { Sandbox = new { Enabled = true } },
    };
}
