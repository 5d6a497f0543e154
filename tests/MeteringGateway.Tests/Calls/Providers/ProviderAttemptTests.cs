using System.Net;
using System.Text;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Bounds;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class ProviderAttemptTests
{
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

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Response_BeyondWhatIsHeldBack_IsTooLarge(int more, bool isKept)
    {
        var attempt = Attempt(Provider(null), 1024 * 1024 * 1024);
        using var whole = new ByteArrayContent(new byte[ProviderAttempt.MaxAnswerBytes + more]);
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = whole };

        await attempt.TransformResponseAsync(Context(), response, CancellationToken.None);

        Assert.Equal((isKept, !isKept), (attempt.Answer is not null, attempt.IsTooLarge));
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

    private static ProviderAttempt Attempt(Provider provider, int memory = 1000) => new(
        provider, new DestinationConfig { Address = "http://127.0.0.1:1/base", Host = "api.example.com" }, new ProviderAddresses(),
        new BodyLease(new BufferBudget(memory)), "req-1", TimeProvider.System);

    private static Provider Provider(string? path, params KeyValuePair<string, string>[] headers) =>
        new("alpha", path, [.. headers], new ProviderHealthOptions());

    private static DefaultHttpContext Context()
    {
        var context = new DefaultHttpContext();
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static string Canonical(string name) => name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) ? "User-Agent" : name;
}
