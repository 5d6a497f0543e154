using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Local.LocalServers;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>Streams to clients over HTTP/2: what they cost comes behind them, and a stream that is reset is a client that left.</summary>
public sealed class Http2StreamTests : IAsyncLifetime
{
    private const string One = "data: {\"delta\":\"one\"}\n\n";
    private const string Usage = "data: {\"usage\":{\"total_tokens\":12}}\n\n";

    private readonly FakeProvider _alpha = FakeProvider.Start();
    private readonly Uri _http2 = new($"http://127.0.0.1:{LoopbackPort.Free()}");
    private Stores _stores = null!;
    private GatewayProcess _gateway = null!;
    private int _connections;

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(
            _stores, StreamFixture.Config(_alpha, _alpha),
            new Dictionary<string, string> { ["Http2__Urls"] = _http2.GetLeftPart(UriPartial.Authority) });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _alpha.DisposeAsync();
        await _stores.DisposeAsync();
    }

    [Theory]
    [InlineData("chat", 12)]
    [InlineData("flat", 7)]
    public async Task Stream_OverHttp2_TellsItsChargeInTrailers(string surface, long charged)
    {
        var (account, key) = await NewKeyAsync();
        _alpha.Script = _ => FakeReply.Events(One, Usage);
        using var client = Client();

        using var answer = await BeginAsync(client, _http2, key, surface);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal((HttpVersion.Version20, One + Usage), (answer.Version, text));
        Assert.Equal(
            ["X-Credits-Charged", "X-Credits-Remaining"],
            answer.Headers.Trailer.SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries)).Order(StringComparer.Ordinal));
        Assert.False(answer.Headers.Contains("X-Credits-Charged"));
        Assert.Equal(
            [$"x-credits-charged: {charged}", $"x-credits-remaining: {1_000 - charged}"],
            answer.TrailingHeaders.Select(one => $"{one.Key.ToLowerInvariant()}: {one.Value.Single()}").Order(StringComparer.Ordinal));
        Assert.Equal(-charged, (await ChargeAsync(account)).CreditsDelta);
    }

    [Fact]
    public async Task Stream_ThatTheProviderBreaksOffOverHttp2_TellsWhatItCostAllTheSame()
    {
        var (account, key) = await NewKeyAsync();
        _alpha.Script = _ => FakeReply.Events(One) with { BreaksOff = true };
        using var client = Client();

        using var answer = await BeginAsync(client, _http2, key, "chat");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Contains("provider_broke_off", text, StringComparison.Ordinal);
        Assert.Equal("1", answer.TrailingHeaders.GetValues("X-Credits-Charged").Single());
        Assert.Equal(-1, (await ChargeAsync(account)).CreditsDelta);
    }

    [Fact]
    public async Task Stream_OverHttp11_HasNoTrailers()
    {
        var (_, key) = await NewKeyAsync();
        _alpha.Script = _ => FakeReply.Events(One, Usage);
        const string Body = """{"surface":"chat"}""";

        var reply = await RawClient.SendAsync(
            _gateway.Address,
            $"POST /api/v1/query HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\nAuthorization: Bearer {key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.Equal((200, false, false), (reply.Status, reply.Has("Trailer:"), reply.Has("X-Credits-Charged")));
        Assert.EndsWith("\r\n0\r\n\r\n", reply.Text, StringComparison.Ordinal);
    }

    /// <summary>Only the stream is reset, its connection stays: the provider is read to its end, and the next call goes as ever.</summary>
    [Theory]
    [InlineData("chat", 12)]
    [InlineData("flat", 7)]
    public async Task Stream_ThatItsClientResets_IsChargedAsOneThatLeft(string surface, long charged)
    {
        var (account, key) = await NewKeyAsync();
        var logged = _gateway.Log.Length;
        var left = new TaskCompletionSource();
        _alpha.Script = _ => FakeReply.Events(One, Usage) with
        {
            BeforePiece = piece => piece == 1 ? left.Task : Task.CompletedTask,
        };
        using var client = Client();
        using (var answer = await BeginAsync(client, _http2, key, surface))
        {
            await using var body = await answer.Content.ReadAsStreamAsync();
            Assert.NotEqual(0, await body.ReadAsync(new byte[1]));
        }

        // A call on the same connection is answered behind the reset: the gateway has seen it.
        using (var next = await BeginAsync(client, _http2, key, "free"))
        {
            left.SetResult();
            Assert.Equal(One + Usage, await next.Content.ReadAsStringAsync());
        }

        Assert.Equal(-charged, (await ChargeAsync(account)).CreditsDelta);
        Assert.Equal((2, 1), (_alpha.Count, Volatile.Read(ref _connections)));
        Assert.Equal("", string.Join('\n', RawClient.Complaints(_gateway.Log[logged..])));
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            Interlocked.Increment(ref _connections);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static Task<HttpResponseMessage> BeginAsync(HttpClient client, Uri gateway, string key, string surface)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/api/v1/query"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent($$"""{"surface":"{{surface}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<(long Account, string Key)> NewKeyAsync()
    {
        var account = await _gateway.Client.CreateAccountAsync(1_000);
        return (account, await _gateway.Client.CreateKeyAsync(account));
    }

    private async Task<BookEntry> ChargeAsync(long account)
    {
        var entries = await _stores.Books.AwaitEntriesAsync(account, 2);
        Assert.Equal(2, entries.Count);
        return entries[1];
    }
}
