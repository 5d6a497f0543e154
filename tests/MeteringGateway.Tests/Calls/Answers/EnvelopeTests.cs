using System.Text;
using System.Text.Json;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Edge;
using MeteringGateway.Tests.Calls.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Tests.Calls.Answers;

public sealed class EnvelopeTests
{
    private static readonly ServiceProvider s_services =
        new ServiceCollection().AddSingleton(new AnswerBody(Options.Create(new ClientOptions()))).BuildServiceProvider();

    [Fact]
    public async Task Write_Json_IsOneObjectWithTheProvidersBytesInIt()
    {
        var attempts = new[]
        {
            new AttemptReport("beta", AttemptOutcome.Timeout, null, TimeSpan.FromMilliseconds(1500.9)),
            new AttemptReport("alpha", AttemptOutcome.Success, 200, TimeSpan.FromMilliseconds(12)),
        };

        var (context, text) = await WriteAsync(Answer("{ \"a\" : 1.00 }", isJson: true), 5, Seen.With(), attempts);

        Assert.Equal(
            "{\"ok\":true,\"request_id\":\"req-1\",\"surface\":\"search\",\"provider\":\"alpha\",\"result\":{ \"a\" : 1.00 },"
            + "\"credits_charged\":5,\"remaining_credits\":1000,\"provider_attempts\":["
            + "{\"provider\":\"beta\",\"outcome\":\"timeout\",\"status\":null,\"duration_ms\":1500},"
            + "{\"provider\":\"alpha\",\"outcome\":\"success\",\"status\":200,\"duration_ms\":12}]}",
            text);
        Assert.Equal(
            "X-Request-Id: req-1, X-Provider: alpha, X-Credits-Charged: 5, X-Credits-Remaining: 1000, Cache-Control: no-store, "
            + $"Content-Type: application/json, Content-Length: {text.Length}",
            Headers(context));
    }

    /// <summary>Uncollected: the balance is not known, and nothing was charged.</summary>
    [Fact]
    public async Task Write_WithoutCharge_SaysNoNumberThatIsNotKnown()
    {
        var (context, text) = await WriteAsync(Answer("[]", isJson: true), 0, default);

        Assert.Contains("\"credits_charged\":0,\"remaining_credits\":null,", text, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Credits", Headers(context), StringComparison.Ordinal);
    }

    /// <summary>What fits is sent in one piece, what does not in several: the same bytes, and their length announced.</summary>
    [Theory]
    [InlineData(AnswerBody.PieceBytes - 512)]
    [InlineData(AnswerBody.PieceBytes - 511)]
    [InlineData(3 * AnswerBody.PieceBytes)]
    public async Task Write_JsonOfAnySize_IsWholeAndAsLongAsItSays(int bytes)
    {
        var body = $"\"{new string('a', bytes - 2)}\"";

        var (context, text) = await WriteAsync(Answer(body, isJson: true), 5, Seen.With());

        Assert.Equal(context.Response.ContentLength, Encoding.UTF8.GetByteCount(text));
        Assert.Equal(body.Trim('"'), JsonElement.Parse(text).GetProperty("result").GetString());
    }

    [Fact]
    public async Task Write_OtherBody_IsAsItCameWithTheFactsInHeaders()
    {
        var answer = Answer("a,b\n", isJson: false, new("Content-Type", "text/csv"), new("Cache-Control", "max-age=60"));

        var (context, text) = await WriteAsync(
            answer, 5, Seen.With((0, 500, 100, 50)),
            new AttemptReport("alpha", AttemptOutcome.Success, 200, TimeSpan.FromMilliseconds(12)));

        Assert.Equal("a,b\n", text);
        Assert.Equal(
            "RateLimit-Policy: \"fixed\";q=500;qu=\"credits\", RateLimit: \"fixed\";r=350, X-Request-Id: req-1, X-Provider: alpha, "
            + "X-Credits-Charged: 5, X-Credits-Remaining: 1000, X-Provider-Attempts: alpha=200;12, Cache-Control: max-age=60, "
            + "Content-Type: text/csv, Content-Length: 4",
            Headers(context));
    }

    /// <summary>205 forbids a body, and what came before the chain's end must not be in the answer.</summary>
    [Theory]
    [InlineData(200, 200)]
    [InlineData(204, 204)]
    [InlineData(205, 200)]
    public async Task Write_StatusWithoutABody_HasNone(int status, int shown)
    {
        var answer = new ProviderAnswer { Provider = "alpha", Status = status, Body = default, IsJson = false, Headers = [] };

        var (context, text) = await WriteAsync(answer, 5, Seen.With());

        Assert.Equal((shown, "", null), (context.Response.StatusCode, text, context.Response.ContentLength));
        Assert.False(context.Response.Headers.ContainsKey("X-Left-Over"));
    }

    private static ProviderAnswer Answer(string body, bool isJson, params KeyValuePair<string, string>[] headers) =>
        new() { Provider = "alpha", Status = 200, Body = Encoding.UTF8.GetBytes(body), IsJson = isJson, Headers = headers };

    private static async Task<(HttpContext Context, string Text)> WriteAsync(
        ProviderAnswer answer, long charged, BalanceSnapshot snapshot, params AttemptReport[] attempts)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { TraceIdentifier = "req-1", RequestServices = s_services };
        context.Response.Body = body;
        context.Response.Headers["X-Left-Over"] = "of an attempt before";
        AnswerHead.Begin(context.Response, snapshot);
        await Envelope.WriteAsync(
            context, new AnswerFacts("req-1", "search", "alpha", charged, snapshot.IsEmpty ? null : snapshot.Balance, attempts), answer,
            inEnvelope: true);
        return (context, Encoding.UTF8.GetString(body.ToArray()));
    }

    private static string Headers(HttpContext context) =>
        string.Join(", ", context.Response.Headers.Select(header => $"{header.Key}: {header.Value}"));
}
