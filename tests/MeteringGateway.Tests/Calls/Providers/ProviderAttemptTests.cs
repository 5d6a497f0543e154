using System.Collections.Frozen;
using System.IO.Compression;
using System.Net;
using System.Text;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Bounds;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class ProviderAttemptTests
{
    private const int Held = 4_096;

    private static readonly Surface s_surface = new(
        "search", "Search", null, new FlatPrice(1), ["alpha"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), FrozenSet.Create(503),
        1_000);

    /// <summary>
    /// Of the client's headers only what the client reads goes out; the provider's own headers win over ours.
    /// </summary>
    [Fact]
    public async Task Request_OfAClient_GoesOutWithListedHeadersAlone()
    {
        var context = Context();
        context.Request.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in new[]
        {
            ("Authorization", "Bearer mg_live_1"), ("X-Api-Key", "mg_live_1"), ("Cookie", "a=b"), ("Accept", "text/csv"),
            ("Accept-Encoding", "br"),
            ("X-Forwarded-For", "1.2.3.4"), ("X-Request-Id", "the client's"), ("User-Agent", "curl"), ("traceparent", "00-1-2-3"),
            ("Content-Encoding", "gzip"),
        })
        {
            context.Request.Headers[name] = value;
        }

        using var sent = await SendAsync(context,
            Provider("/v1/search?x=1", new("Authorization", "Bearer secret"), new("user-agent", "us")));

        Assert.Equal("http://127.0.0.1:1/base/v1/search?x=1", sent.RequestUri!.AbsoluteUri);
        Assert.Equal(
            [
                "Accept-Encoding: identity", "Accept: text/csv", "Authorization: Bearer secret", "Host: api.example.com", "User-Agent: us",
                "X-Request-ID: req-1",
            ],
            sent.Headers.NonValidated.Select(header => $"{Canonical(header.Key)}: {header.Value}").Order(StringComparer.Ordinal));
    }

    /// <summary>Without a path of its own a provider is called under the request's, and never with the client's query.</summary>
    [Fact]
    public async Task Request_ToAProviderWithoutAPath_HasTheRequestsPathAndNoQuery()
    {
        var context = Context();
        context.Request.Path = "/api/v1/query";
        context.Request.QueryString = new QueryString("?debug=1");

        using var sent = await SendAsync(context, Provider(null));

        Assert.Equal("http://127.0.0.1:1/base/api/v1/query", sent.RequestUri!.AbsoluteUri);
    }

    [Fact]
    public async Task Response_ThatNeverCame_LeavesNothing()
    {
        var attempt = Attempt(Provider(null));

        Assert.False(await attempt.TransformResponseAsync(Context(), null, CancellationToken.None));
        Assert.Equal((null, null, false, false), (attempt.Status, attempt.Answer, attempt.IsOverloaded, attempt.IsTooLarge));
    }

    [Fact]
    public async Task Response_Whole_IsKeptAndNotCopiedToTheClient()
    {
        var context = Context();
        var attempt = Attempt(Provider(null));
        using var whole = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = whole };
        response.Headers.TryAddWithoutValidation("Retry-After", "7");

        Assert.False(await attempt.TransformResponseAsync(context, response, CancellationToken.None));
        Assert.Equal(("{}", 200, TimeSpan.FromSeconds(7)),
            (Encoding.UTF8.GetString(attempt.Answer!.Body.Span), attempt.Status, attempt.RetryAfter));
        Assert.Equal(0, context.Response.Body.Length);
    }

    [Theory]
    [InlineData(100, true, false)]
    [InlineData(99, false, true)]
    public async Task Response_BeyondTheMemoryOfAllCalls_IsOurOwnWant(int memory, bool isKept, bool isOverloaded)
    {
        var attempt = Attempt(Provider(null), memory);
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[100]) };

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((isKept, isOverloaded, false), (attempt.Answer is not null, attempt.IsOverloaded, attempt.IsTooLarge));
        Assert.Equal(200, attempt.Status);
    }

    /// <summary>A refusal is never sent on as it comes: what is too long of it is not read.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Refusal_BeyondWhatIsHeldBack_IsTooLarge(int more, bool isKept)
    {
        var attempt = Attempt(Provider(null), 1024 * 1024 * 1024);
        using var whole = new ByteArrayContent(new byte[Held + more]);
        using var response = new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = whole };

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((isKept, !isKept, null), (attempt.Answer is not null, attempt.IsTooLarge, attempt.Streamed));
    }

    /// <summary>A success beyond what is held back, or of a kind that comes in pieces, is sent on whole; all others are held.</summary>
    [Theory]
    [InlineData("application/json", Held, true, null)]
    [InlineData("application/json", Held + 1, true, AnswerShape.Json)]
    [InlineData("application/json", Held + 1, false, AnswerShape.Json)]
    [InlineData("application/json", Held, false, null)]
    [InlineData("text/csv", Held, true, null)]
    [InlineData("text/csv", Held + 1, true, AnswerShape.Opaque)]
    [InlineData("text/csv", 3, false, AnswerShape.Opaque)]
    [InlineData("text/event-stream; charset=utf-8", 3, true, AnswerShape.EventStream)]
    [InlineData("application/x-ndjson", 3, false, AnswerShape.JsonLines)]
    internal async Task Response_ThatIsNotHeld_IsHandedOnWhole(string type, int length, bool saysLength, AnswerShape? shape)
    {
        var taken = new List<(AnswerShape Shape, byte[] Bytes)>();
        var attempt = Attempt(Provider(null), 1024 * 1024 * 1024, taken: taken);
        var bytes = Encoding.ASCII.GetBytes("\"" + new string('a', length - 2) + "\"");
        using HttpContent content = saysLength ? new ByteArrayContent(bytes) : new Unsized(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        response.Headers.TransferEncodingChunked = !saysLength;

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((shape is null, shape is null ? null : (StreamEnd?)StreamEnd.Whole), (attempt.Answer is not null, attempt.Streamed));
        Assert.Equal(shape is { } known ? [(known, bytes.Length)] : [], taken.Select(one => (one.Shape, one.Bytes.Length)));
    }

    /// <summary>Nothing has gone out: the chain may go on, and nobody pays.</summary>
    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"a\":}")]
    public async Task Response_ThatBeginsAsNoJsonDoes_IsNoAnswer(string beginning)
    {
        var taken = new List<(AnswerShape Shape, byte[] Bytes)>();
        var attempt = Attempt(Provider(null), 1024 * 1024 * 1024, taken: taken);
        using var content = new StringContent(beginning + new string(' ', Held), Encoding.UTF8, "application/json");
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = content };

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((null, null, 0), (attempt.Answer, attempt.Streamed, taken.Count));
    }

    /// <summary>A stop has ended the streams: one that would begin now could send nothing, and must cost nothing.</summary>
    [Fact]
    public async Task Response_ThatBeginsAfterTheStopOfStreams_IsNotHandedOn()
    {
        using var stop = new StreamStop();
        stop.End();
        var taken = new List<(AnswerShape Shape, byte[] Bytes)>();
        var attempt = Attempt(Provider(null), taken: taken, stop: stop);
        using var content = new StringContent("data: 1\n\n", Encoding.UTF8, "text/event-stream");
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = content };

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((true, null, 0), (attempt.IsOverloaded, attempt.Streamed, taken.Count));
    }

    /// <summary>Packed although it was told not to: what the client gets is not.</summary>
    [Fact]
    public async Task Response_ThatIsPackedAndNotHeld_IsHandedOnUnpacked()
    {
        var taken = new List<(AnswerShape Shape, byte[] Bytes)>();
        var attempt = Attempt(Provider(null), taken: taken);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("data: 1\n\n"u8);
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "text/event-stream");
        content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = content };

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal("data: 1\n\n", Encoding.UTF8.GetString(Assert.Single(taken).Bytes));
    }

    /// <summary>Under a provider's own path its clients' headers arrive; who they are and what concerns their connection not.</summary>
    [Fact]
    public async Task Request_UnderAProvidersOwnPath_HasAllHeadersButThoseOfTheConnectionAndTheCredentials()
    {
        var context = Context();
        foreach (var (name, value) in new[]
        {
            ("Authorization", "Bearer mg_live_1"), ("X-Api-Key", "mg_live_1"), ("api-key", "mg_live_1"), ("Cookie", "a=b"),
            ("anthropic-version", "2023-06-01"), ("OpenAI-Beta", "assistants=v2"), ("User-Agent", "OpenAI/JS"),
            ("Accept", "application/json"),
            ("X-Forwarded-For", "1.2.3.4"), ("Forwarded", "for=1.2.3.4"), ("Idempotency-Key", "k"), ("X-Test-Scenario", "slow"),
            ("X-Request-Id", "the client's"), ("Connection", "close, X-Hop"), ("X-Hop", "1"), ("Accept-Encoding", "br"),
            ("TE", "trailers"),
            ("traceparent", "00-1-2-3"), ("Content-Type", "application/json"), ("Content-Language", "de"),
        })
        {
            context.Request.Headers[name] = value;
        }

        using var sent = new HttpRequestMessage(HttpMethod.Post, "http://unset");
        await Attempt(Provider("/v1/other"), request: new ProviderRequest(default, "/v1/chat?x=%20")).TransformRequestAsync(
            context, sent, "http://127.0.0.1:1/base", CancellationToken.None);

        Assert.Equal("http://127.0.0.1:1/base/v1/chat?x=%20", sent.RequestUri!.AbsoluteUri);
        Assert.Equal(
            [
                "Accept-Encoding: identity", "Accept: application/json", "Host: api.example.com", "OpenAI-Beta: assistants=v2",
                "User-Agent: OpenAI/JS", "X-Request-ID: req-1", "anthropic-version: 2023-06-01", "traceparent: 00-1-2-3",
            ],
            sent.Headers.NonValidated.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Content-Language: de", "Content-Type: application/json"],
            SentHeaders.OfBody(context.Request, allPass: true).Select(one => $"{one.Key}: {one.Value}").Order(StringComparer.Ordinal));
    }

    /// <summary>Cut short of the length that was promised: the status arrived, an answer did not.</summary>
    [Fact]
    public async Task Response_CutShort_IsNoAnswer()
    {
        var attempt = Attempt(Provider(null));
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        response.Content.Headers.ContentLength = 3;

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((200, null, false, false), (attempt.Status, attempt.Answer, attempt.IsOverloaded, attempt.IsTooLarge));
    }

    private static async Task<HttpRequestMessage> SendAsync(HttpContext context, Provider provider)
    {
        var sent = new HttpRequestMessage(HttpMethod.Post, "http://unset") { Content = new StreamContent(Stream.Null) };
        await Attempt(provider).TransformRequestAsync(context, sent, "http://127.0.0.1:1/base", CancellationToken.None);
        return sent;
    }

    private static ProviderAttempt Attempt(
        Provider provider, int memory = 1000, ProviderRequest request = default,
        List<(AnswerShape Shape, byte[] Bytes)>? taken = null, StreamStop? stop = null) => new(
        provider, new DestinationConfig { Address = "http://127.0.0.1:1/base", Host = "api.example.com" }, new ProviderAddresses(),
        new BodyLease(new BufferBudget(memory)), "req-1", TimeProvider.System, s_surface, request, Held,
        stop ?? new StreamStop(), async (answer, _) =>
        {
            using var whole = new MemoryStream();
            whole.Write(answer.TakeBeginning().Span);
            await answer.Rest.CopyToAsync(whole);
            taken?.Add((answer.Shape, whole.ToArray()));
            return StreamEnd.Whole;
        });

    private static Provider Provider(string? path, params KeyValuePair<string, string>[] headers) =>
        new("alpha", path, [.. headers], new ProviderHealthOptions());

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext();
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static string Canonical(string name) => name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) ? "User-Agent" : name;

    /// <summary>A body whose length nobody knows before it has been read.</summary>
    private sealed class Unsized(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new MemoryStream(bytes));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
