using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
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
    private readonly ConcurrentDictionary<string, ProviderGate> _gates = new();

    public McpGateway() => Provider = FakeProvider.Start(Answer);

    /// <summary>Answers by the field <c>say</c> of the body, or with the JSON in <c>reply</c>.</summary>
    public FakeProvider Provider { get; }

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

    /// <summary>A further gateway on the same stores, for a test that stops it.</summary>
    public Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(Stores, Config());

    /// <summary>The provider waits at it in a call whose body names it as its <c>gate</c>.</summary>
    public ProviderGate NewGate() => _gates.GetOrAdd(Guid.NewGuid().ToString("N"), name => new ProviderGate(name));

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

    private FakeReply Answer(ReceivedRequest request)
    {
        var body = Encoding.UTF8.GetString(request.Body);
        var gate = body.Contains("\"gate\":", StringComparison.Ordinal)
            ? _gates[JsonElement.Parse(body).GetProperty("gate").GetString()!]
            : null;
        return gate is not null ? gate.Before(body)
            : body.Contains("\"say\":\"text\"", StringComparison.Ordinal) ? FakeReply.Text("plain wörds", "text/plain")
            : body.Contains("\"say\":\"events\"", StringComparison.Ordinal) ? FakeReply.Events("data: 1\n\n", "data: 2\n\n")
            : body.Contains("\"say\":\"bytes\"", StringComparison.Ordinal)
                ? new FakeReply { ContentType = "image/png", Body = [0x89, 0x50, 0xff] }
            : body.Contains("\"say\":\"much\"", StringComparison.Ordinal) ? FakeReply.Text(new string('x', 100_000), "text/plain")
            : body.Contains("\"say\":\"break\"", StringComparison.Ordinal)
                ? FakeReply.Stream("application/x-ndjson", "{\"a\":1}\n", "{\"a\":2}\n") with { BreaksOff = true }
            : body.Contains("\"say\":\"no\"", StringComparison.Ordinal) ? FakeReply.Json("""{"reason":"no such thing"}""", 422)
            : body.Contains("\"say\":\"busy\"", StringComparison.Ordinal) ? FakeReply.Error(503)
            : body.Contains("\"say\":\"nothing\"", StringComparison.Ordinal) ? FakeReply.Hang()
            : body.Contains("\"say\":\"no json\"", StringComparison.Ordinal)
                ? FakeReply.Json("{\"pad\":\"" + new string('x', 1_200_000) + "\",\"end\":}") with { Chunked = true }
            : body.Contains("\"say\":\"no text\"", StringComparison.Ordinal)
                ? new FakeReply { Body = [.. "\""u8, .. Enumerable.Repeat((byte)'x', 1_200_000), 0xff, .. "\""u8], Chunked = true }
            : body.Contains("\"say\":\"later\"", StringComparison.Ordinal)
                ? FakeReply.Json("""{"reason":"\ud800"}""", 422) with { Headers = [("Retry-After", "7")] }
            : body.Contains("\"reply\":", StringComparison.Ordinal)
                ? FakeReply.Json(JsonElement.Parse(body).GetProperty("reply").GetString()!)
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

/// <summary>A provider that tells how far it came with its answer, and goes on when a test says so.</summary>
public sealed class ProviderGate(string name)
{
    /// <summary>More than the buffers of both sockets take: it is sent when most of it was read.</summary>
    private const int LongBytes = 24 * 1024 * 1024;

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public Task Reached => _reached.Task;

    public void Open() => _opened.TrySetResult();

    /// <summary>The gate is in front of the answer, or in the middle of JSON (<c>halves</c>) or of events (<c>stream</c>).</summary>
    public FakeReply Before(string body)
    {
        if (body.Contains("\"say\":\"stream\"", StringComparison.Ordinal))
        {
            return FakeReply.Events("data: " + new string('x', LongBytes) + "\n\n", "data: end\n\n") with
            {
                BeforePiece = InTheMiddleAsync,
            };
        }

        if (body.Contains("\"say\":\"halves\"", StringComparison.Ordinal))
        {
            return FakeReply.Stream("application/json", "{\"a\":", "1}") with { BeforePiece = InTheMiddleAsync };
        }

        return FakeReply.Json("""{"answer":42}""") with { Until = WaitAsync() };
    }

    private Task InTheMiddleAsync(int piece) => piece == 1 ? WaitAsync() : Task.CompletedTask;

    private Task WaitAsync()
    {
        _reached.TrySetResult();
        return _opened.Task;
    }
}
