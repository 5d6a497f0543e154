using System.Net;
using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

[CollectionDefinition(Name)]
public sealed class McpTestGroup : ICollectionFixture<McpGateway>
{
    public const string Name = "mcp";
}

/// <summary>Two gateways on the same stores: one whose sessions may change keys by tools, and one as it is by default.</summary>
public sealed class McpGateway : IAsyncLifetime
{
    private Stores? _stores;
    private GatewayProcess? _writing;
    private GatewayProcess? _plain;

    /// <summary>Answers by the field <c>say</c> of the body.</summary>
    public FakeProvider Provider { get; } = FakeProvider.Start(Answer);

    public Stores Stores => _stores!;
    public GatewayProcess Writing => _writing!;
    public GatewayProcess Plain => _plain!;
    public GatewayClient Client => Writing.Client;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _writing = await GatewayProcess.StartAsync(
            _stores, Config(), new Dictionary<string, string> { ["Mcp__Writes"] = "true", ["Mcp__MaxAnswerBytes"] = "65536" });
        _plain = await GatewayProcess.StartAsync(_stores, Config());
    }

    public async Task DisposeAsync()
    {
        await Plain.DisposeAsync();
        await Writing.DisposeAsync();
        await Provider.DisposeAsync();
        await Stores.DisposeAsync();
    }

    public async Task<McpCustomer> NewCustomerAsync(long credits = 1_000, object? key = null)
    {
        var account = await Client.CreateAccountAsync(credits);
        return new McpCustomer(
            account,
            await Client.CreateKeyAsync(account, key),
            await Client.CreateKeyAsync(account, new { name = "test", mode = "test" }),
            await SessionAsync(account));
    }

    public async Task<string> SessionAsync(long account) =>
        (await Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).Expect(HttpStatusCode.Created)
            .GetProperty("session").GetString()!;

    /// <summary>At the gateway whose sessions may change keys.</summary>
    public Task<McpReply> CallAsync(string tool, object? arguments, string bearer, params (string Name, string Value)[] headers) =>
        new McpCaller(Writing.Client).CallAsync(tool, arguments, bearer, headers: headers);

    public Task AwaitNoHoldAsync(long account) => Eventually.TrueAsync(
        async () => (await Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("held_credits").GetInt64() == 0,
        () => "a hold is left");

    private static FakeReply Answer(ReceivedRequest request)
    {
        var body = Encoding.UTF8.GetString(request.Body);
        return body.Contains("\"say\":\"text\"", StringComparison.Ordinal) ? FakeReply.Text("plain wörds", "text/plain")
            : body.Contains("\"say\":\"events\"", StringComparison.Ordinal) ? FakeReply.Events("data: 1\n\n", "data: 2\n\n")
            : body.Contains("\"say\":\"bytes\"", StringComparison.Ordinal)
                ? new FakeReply { ContentType = "image/png", Body = [0x89, 0x50, 0xff] }
            : body.Contains("\"say\":\"much\"", StringComparison.Ordinal) ? FakeReply.Text(new string('x', 100_000), "text/plain")
            : body.Contains("\"say\":\"break\"", StringComparison.Ordinal)
                ? FakeReply.Stream("application/x-ndjson", "{\"a\":1}\n", "{\"a\":2}\n") with { BreaksOff = true }
            : body.Contains("\"say\":\"no\"", StringComparison.Ordinal) ? FakeReply.Json("""{"reason":"no such thing"}""", 422)
            : body.Contains("\"say\":\"busy\"", StringComparison.Ordinal) ? FakeReply.Error(503)
            : body.Contains("\"say\":\"nothing\"", StringComparison.Ordinal) ? FakeReply.Hang()
            : FakeReply.Json("""{"answer":42,"price":1.50}""");
    }

    private object Config() => new
    {
        ReverseProxy = new
        {
            Clusters = new Dictionary<string, object> { ["alpha"] = new { Destinations = new { a1 = new { Provider.Address } } } },
        },
        Surfaces = new Dictionary<string, object>
        {
            ["ad"] = Surface("API ad generation", new { Per = "count", By = "format", Credits = new { @static = 5, full = 15 } }),
            ["search"] = Surface("Web search", new { Credits = 2 }),
        },
        Credits = new { Usd = "0.10" },
        People = new { SignUp = "open" },
        Providers = new { Health = new { Enabled = false } },
    };

    private static object Surface(string name, object price) => new { Name = name, Price = price, Providers = new[] { "alpha" } };
}

/// <summary>An account and its three kinds of credentials.</summary>
public sealed record McpCustomer(long Account, string Key, string TestKey, string Session);
