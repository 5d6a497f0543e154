using MeteringGateway.FunctionalTests.Calls.Metering;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>
/// Requests whose end two readers could see in two places: each is 400, its connection closed, nothing charged, nothing logged.
/// </summary>
public sealed class FramingTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    private const string Body = """{"surface":"search"}""";
    private const string Chunks = "14\r\n" + Body + "\r\n0\r\n\r\n";

    public static TheoryData<string, string> Ambiguous => new()
    {
        { "Content-Length: +20", Body },
        { "Content-Length: -20", Body },
        { "Content-Length: 0x14", Body },
        { "Content-Length: 20, 20", Body },
        { "Content-Length: 20\r\nContent-Length: 20", Body },
        { "Content-Length: 20\r\nContent-Length: 21", Body },
        { "Content-Length:", Body },
        { "Content-Length: 99999999999999999999", Body },
        { "Content-Length : 20", Body },
        { "Content-Length: 20\r\nTransfer-Encoding: chunked", Chunks },
        { "Transfer-Encoding: chunked\r\nContent-Length: 20", Chunks },
        { "Transfer-Encoding: chunked\r\nContent-Length: 0", Chunks },
        { "Transfer-Encoding: identity, chunked", Chunks },
        { "Transfer-Encoding: gzip, chunked", Chunks },
        { "Transfer-Encoding: chunked, chunked", Chunks },
        { "Transfer-Encoding: chunked, identity", Chunks },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", Chunks },
        { "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", Chunks },
        { "Transfer-Encoding: identity\r\nContent-Length: 20", Body },
        { "Transfer-Encoding: xchunked", Chunks },
        { "Transfer-Encoding: \u000bchunked", Chunks },
        { "Transfer-Encoding : chunked", Chunks },
        { "X-A: b\nContent-Length: 20", Body },
        { "X-A: b\rContent-Length: 20", Body },
        { "X-A: b\r\n c\r\nContent-Length: 20", Body },
        { "X-A: b\0\r\nContent-Length: 20", Body },
        { "Transfer-Encoding: chunked", "ffffffffffffffff1\r\n" + Body },
        { "Transfer-Encoding: chunked", "ffffffff\r\n" + Body },
        { "Transfer-Encoding: chunked", "+14\r\n" + Body + "\r\n0\r\n\r\n" },
        { "Transfer-Encoding: chunked", "0x14\r\n" + Body + "\r\n0\r\n\r\n" },
        { "Transfer-Encoding: chunked", "14\n" + Body + "\n0\n\n" },
        { "Transfer-Encoding: chunked", "14;a\n\r\n" + Body + "\r\n0\r\n\r\n" },
        { "Transfer-Encoding: chunked", "14\r\n" + Body + "XX0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Query_WithAmbiguousFraming_Is400AndItsConnectionClosed(string framing, string body)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var logged = fixture.Gateway.Log.Length;
        var reply = await RawClient.SendAsync(fixture.Gateway.Address, Head("/api/v1/query", key) + framing + "\r\n\r\n" + body);
        Assert.Equal((400, true), (reply.Status, reply.IsClosed));
        Assert.True(reply.Has("Connection: close"), reply.Text);
        Assert.Equal(100, (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("credit_balance").GetInt64());
        Assert.Empty(RawClient.Complaints(fixture.Gateway.Log[logged..]));
    }

    [Theory]
    [InlineData("Content-Length: 20", Body)]
    [InlineData("Transfer-Encoding: chunked", Chunks)]
    [InlineData("transfer-encoding: Chunked", Chunks)]
    [InlineData("Transfer-Encoding: chunked", "14;a=b\r\n" + Body + "\r\n0\r\n\r\n")]
    public async Task Query_WithPlainFraming_IsAnswered(string framing, string body)
    {
        var (_, key) = await fixture.NewKeyAsync();
        var reply = await RawClient.SendAsync(
            fixture.Gateway.Address, Head("/api/v1/query", key) + "Connection: close\r\n" + framing + "\r\n\r\n" + body);
        Assert.Equal(200, reply.Status);
    }

    /// <summary>More than anybody needs to say: the server's own answer, without a call.</summary>
    [Theory]
    [InlineData("/api/v1/query", 17_000, 1, 431)]
    [InlineData("/api/v1/query", 200, 100, 431)]
    [InlineData("/api/v1/query", 10, 70, 431)]
    [InlineData("/api/v1/query?x=", 0, 0, 414)]
    public async Task Query_WithOversizedHeaders_IsRefusedAndFree(string path, int size, int count, int status)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        var target = status == 414 ? path + new string('x', 9_000) : path;
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-H{i}: {new string('x', size)}\r\n"));
        var reply = await RawClient.SendAsync(
            fixture.Gateway.Address, Head(target, key) + headers + $"Content-Length: {Body.Length}\r\n\r\n{Body}");
        Assert.Equal((status, true, before), (reply.Status, reply.IsClosed, fixture.Alpha.Count));
        Assert.Equal(100, (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess()
            .GetProperty("credit_balance").GetInt64());
    }

    [Theory]
    [InlineData("/api/auth/sign-in", 400)]
    [InlineData("/api/auth/sign-up", 403)]
    [InlineData("/payment/webhook/stripe", 400)]
    [InlineData("/payment/webhook/creem", 400)]
    [InlineData("/admin/accounts", 401)]
    [InlineData("/api/v1/query", 401)]
    public async Task AnyCall_WithAChunkBeyondAllNumbers_IsRefusedWithoutAStack(string path, int status)
    {
        var logged = fixture.Gateway.Log.Length;
        var reply = await RawClient.SendAsync(
            fixture.Gateway.Address, Head(path, "nobody") + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n" + Body);
        Assert.Equal((status, true), (reply.Status, reply.IsClosed));
        Assert.Empty(RawClient.Complaints(fixture.Gateway.Log[logged..]));
    }

    [Fact]
    public async Task Query_ChunkedUnderHttp10_IsRefused()
    {
        var (_, key) = await fixture.NewKeyAsync();
        var head = Head("/api/v1/query", key).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal);
        Assert.Equal(
            400, (await RawClient.SendAsync(fixture.Gateway.Address, head + "Transfer-Encoding: chunked\r\n\r\n" + Chunks)).Status);
    }

    private static string Head(string path, string key) =>
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n";
}
