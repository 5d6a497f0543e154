using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>One gateway on its own stores, with two scripted providers and surfaces of every kind of price. Small bounds.</summary>
public sealed class StreamFixture : IAsyncLifetime
{
    /// <summary>What the gateway of these tests holds back of an answer.</summary>
    public const int HoldBytes = 64 * 1024;

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
        _gateway = await GatewayProcess.StartAsync(Stores, Config(Alpha, Beta));
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Alpha.DisposeAsync();
        await Beta.DisposeAsync();
        await Stores.DisposeAsync();
    }

    public async Task<(long Account, string Key)> NewKeyAsync(long credits = 1_000)
    {
        var account = await Client.CreateAccountAsync(credits);
        return (account, await Client.CreateKeyAsync(account));
    }

    /// <summary>The charges of the account, and no more than those, once nothing is held for it any more.</summary>
    public async Task<IReadOnlyList<BookEntry>> ChargesAsync(long account, int count)
    {
        await using var books = new Books(Stores.PostgresConnection);
        await books.AwaitEntriesAsync(account, 1 + count);
        await AwaitNoHoldAsync(account);
        var entries = await books.EntriesAsync(account);
        Assert.Equal(1 + count, entries.Count);
        return [.. entries.Skip(1)];
    }

    public Task AwaitNoHoldAsync(long account) => Eventually.TrueAsync(
        async () => (await Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("held_credits").GetInt64() == 0,
        () => "a hold is left");

    public static Dictionary<string, object> Config(FakeProvider alpha, FakeProvider beta) => new()
    {
        ["ReverseProxy"] = new
        {
            Clusters = new Dictionary<string, object>
            {
                ["alpha"] = new { Destinations = new { a1 = new { alpha.Address } } },
                ["beta"] = new { Destinations = new { b1 = new { beta.Address } } },
            },
        },
        ["Surfaces"] = new Dictionary<string, object>
        {
            ["flat"] = Surface(new { Credits = 7 }),
            ["chat"] = Surface(new { Usage = "usage.total_tokens", CreditsPerThousand = 1_000, MaxCredits = 50 }),
            ["messages"] = Surface(new
            {
                Usage = new Dictionary<string, int> { ["usage.input_tokens"] = 1, ["usage.output_tokens"] = 2 },
                Per = 1,
                MaxCredits = 500,
            }),
            ["free"] = Surface(new { Credits = 0 }),
            ["openai"] = new
            {
                Price = new
                {
                    By = "model",
                    Usage = new Dictionary<string, object>
                    {
                        ["small"] = new Dictionary<string, int> { ["usage.prompt_tokens"] = 1, ["usage.completion_tokens"] = 2 },
                        ["large"] = new Dictionary<string, int> { ["usage.prompt_tokens"] = 10, ["usage.completion_tokens"] = 20 },
                    },
                    Per = 1,
                    MaxCredits = 500,
                },
                Providers = new[] { "alpha", "beta" },
                Routes = new[] { "POST /v1/chat/completions" },
                AskForUsage = true,
                TestAnswer = new { id = "test-1", usage = new { prompt_tokens = 3, completion_tokens = 4 } },
            },
            ["files"] = new
            {
                Price = new { Credits = 3 },
                Providers = new[] { "alpha", "beta" },
                Routes = new[] { "PUT /files/{**rest}", "GET /files/{**rest}" },
            },
            ["priced-apart"] = new
            {
                Price = new { Credits = 4 },
                Providers = new object[] { new { Name = "alpha", Price = new { Credits = 9 } }, "beta" },
            },
            ["partly-free"] = new
            {
                Price = new { Credits = 4 },
                Providers = new object[] { new { Name = "alpha", Price = new { Credits = 0 } }, "beta" },
            },
            ["short"] = Surface(new { Credits = 7 }, streamTimeout: "00:00:02"),
            ["short-chat"] = Surface(
                new { Usage = "usage.total_tokens", CreditsPerThousand = 1_000, MaxCredits = 50 }, streamTimeout: "00:00:02"),
        },
        ["Answers"] = new { HoldBytes },
        ["Credits"] = new { HoldGrace = "00:00:01" },
        ["Providers"] = new { Health = new { Enabled = false } },
        ["Hosting"] = new { StreamGrace = "00:00:01" },
    };

    /// <summary>A hold lives for two seconds: a stream that takes longer is settled only because its hold is renewed.</summary>
    private static object Surface(object price, string streamTimeout = "00:01:00") => new
    {
        Price = price,
        Providers = new[] { "alpha", "beta" },
        AttemptTimeout = "00:00:01",
        TotalTimeout = "00:00:02",
        StreamTimeout = streamTimeout,
    };
}
