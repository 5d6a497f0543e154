using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

/// <summary>What YARP would pass unless told: nothing of a client's reaches a provider, nothing of a provider's reaches a client.</summary>
public sealed class HeaderHygieneTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Fact]
    public async Task Request_ToTheProvider_HasOnlyWhatIsAllowed()
    {
        var (_, key) = await fixture.NewKeyAsync();
        var body = """{"surface":"search","text":"é"}""";
        var raw = string.Create(CultureInfo.InvariantCulture, $"""
            POST /api/v1/query HTTP/1.1
            Host: gateway.example
            Authorization: Bearer {key}
            X-Api-Key: {key}
            Cookie: session=leak
            X-Kendr-Session: leak
            Forwarded: for=leak
            X-Forwarded-For: leak
            X_Underscore: leak
            Connection: close, X-Nominated
            X-Nominated: leak
            X-Request-Id: leak
            X-Custom: leak
            Accept: application/json
            Content-Type: application/json; charset=utf-8
            Content-Length: {Encoding.UTF8.GetByteCount(body)}


            """).ReplaceLineEndings("\r\n") + body;
        var answer = await SendRawAsync(raw);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);

        var received = fixture.Alpha.Requests[^1];
        Assert.Equal(("/v1/answer", body, "Bearer alpha-secret"), (received.Target, received.Text, received.Header("Authorization")));
        Assert.Equal(
            ["Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host", "User-Agent", "X-Request-ID"],
            received.Headers.Select(header => header.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            received.Headers,
            header => header.Value.Contains("leak", StringComparison.Ordinal) || header.Value.Contains(key, StringComparison.Ordinal));
        Assert.Equal(new Uri(fixture.Alpha.Address).Authority, received.Header("Host"));
    }

    /// <summary>A surface may name what else its providers are told; all else, and every credential, stays here.</summary>
    [Fact]
    public async Task Request_OfASurfaceThatPassesHeaders_HasThoseAndNoOthers()
    {
        var (_, key) = await fixture.NewKeyAsync();
        var answer = await fixture.Client.QueryAsync(
            key, """{"surface":"passing"}""",
            ("Anthropic-Version", "2023-06-01"), ("X-Trace", "a"), ("X-Trace", "b"), ("X-Other", "leak"), ("Cookie", "leak=1"));
        Assert.Equal(200, (int)answer.Status);

        var received = fixture.Alpha.Requests[^1];
        Assert.Equal(("2023-06-01", "Bearer alpha-secret"), (received.Header("Anthropic-Version"), received.Header("Authorization")));
        Assert.Equal(
            ["a", "b"],
            received.Headers.Where(header => header.Name.Equals("X-Trace", StringComparison.OrdinalIgnoreCase))
                .SelectMany(header => header.Value.Split(", ")));
        Assert.DoesNotContain(received.Headers, header => header.Value.Contains("leak", StringComparison.Ordinal));

        await fixture.Client.QueryAsync(key, """{"surface":"search"}""", ("Anthropic-Version", "2023-06-01"));
        Assert.Null(fixture.Alpha.Requests[^1].Header("Anthropic-Version"));
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("text/plain", "text")]
    public async Task Answer_ToTheClient_HasNothingOfTheProvidersOwn(string contentType, string body)
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Text(body, contentType) with
        {
            Headers =
            [
                ("Set-Cookie", "leak=1"), ("Server", "leak"), ("X-Powered-By", "leak"), ("X-Hop", "leak"), ("Connection", "X-Hop"),
                ("Authorization", "leak"), ("X-Request-Id", "leak"), ("X-Credits-Charged", "0"),
            ],
        };
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"search"}""");
        Assert.Equal("2", answer.Headers["X-Credits-Charged"]);
        Assert.DoesNotContain(answer.Headers, header => header.Value.Contains("leak", StringComparison.Ordinal));
        Assert.False(answer.Headers.ContainsKey("Server"));
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", fixture.Gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
