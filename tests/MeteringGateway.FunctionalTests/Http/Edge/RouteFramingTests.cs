using MeteringGateway.FunctionalTests.Calls.Metering;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>
/// The same under the providers' own paths, where a body may be of any type and goes on byte for byte: what two readers could take for two
/// requests reaches no provider and costs nothing.
/// </summary>
public sealed class RouteFramingTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private const string Body = """{"model":"small"}""";
    private const string Chunks = "11\r\n" + Body + "\r\n0\r\n\r\n";
    private const int TooLarge = 2 * 1024 * 1024;

    /// <summary>Behind a body that a laxer reader would take for the whole.</summary>
    private const string Smuggled = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n" + Body;

    public static TheoryData<string, string> Ambiguous => new()
    {
        { "Content-Length: 17\r\nContent-Length: 17", Body },
        { "Content-Length: 17\r\nContent-Length: 100", Body + Smuggled },
        { "Content-Length: 17, 100", Body + Smuggled },
        { "Content-Length: 17\r\nTransfer-Encoding: chunked", Chunks + Smuggled },
        { "Transfer-Encoding: chunked\r\nContent-Length: 4", Chunks + Smuggled },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", Chunks },
        { "X-A: b\nContent-Length: 17", Body },
        { "Content-Length: 17\nTransfer-Encoding: chunked", Chunks },
        { "Transfer-Encoding: chunked", "11\n" + Body + "\n0\n\n" },
        { "Transfer-Encoding: chunked", "11;a\n\r\n" + Body + "\r\n0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Call_WithAmbiguousFraming_Is400AndChargesNothing(string framing, string body)
    {
        foreach (var (method, path, type) in new[]
        {
            ("POST", "/v1/chat/completions", "application/json"), ("PUT", "/files/one", "application/octet-stream"),
        })
        {
            var (account, key) = await fixture.NewKeyAsync();
            var before = fixture.Alpha.Count;

            var reply = await RawClient.SendAsync(
                fixture.Gateway.Address, Head(method, path, key, type) + framing + "\r\n\r\n" + body);

            Assert.Equal((400, true, before), (reply.Status, reply.IsClosed, fixture.Alpha.Count));
            Assert.Equal(1, reply.Text.Split("HTTP/1.1 ").Length - 1);
            await AssertFreeAsync(account);
        }
    }

    /// <summary>Not asked to go on: what is too large is refused by its length alone.</summary>
    [Theory]
    [InlineData("POST", "/v1/chat/completions", "application/json")]
    [InlineData("PUT", "/files/one", "application/octet-stream")]
    public async Task Call_ThatAnnouncesTooLargeABody_IsRefusedBeforeIt(string method, string path, string type)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;

        var reply = await RawClient.SendAsync(
            fixture.Gateway.Address,
            Head(method, path, key, type) + $"Connection: close\r\nExpect: 100-continue\r\nContent-Length: {TooLarge}\r\n\r\n");

        Assert.Equal((413, true, before), (reply.Status, reply.IsClosed, fixture.Alpha.Count));
        Assert.Contains("body_too_large", reply.Text, StringComparison.Ordinal);
        await AssertFreeAsync(account);
    }

    [Theory]
    [InlineData("Content-Length: 17", Body)]
    [InlineData("Transfer-Encoding: chunked", Chunks)]
    public async Task Call_WithPlainFraming_IsAnswered(string framing, string body)
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("""{"usage":{"prompt_tokens":1}}""");

        var reply = await RawClient.SendAsync(
            fixture.Gateway.Address,
            Head("POST", "/v1/chat/completions", key, "application/json") + "Connection: close\r\n" + framing + "\r\n\r\n" + body);

        Assert.Equal(200, reply.Status);
    }

    private static string Head(string method, string path, string key, string type) =>
        $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: {type}\r\n";

    private async Task AssertFreeAsync(long account)
    {
        var now = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
        Assert.Equal((1_000, 0), (now.GetProperty("credit_balance").GetInt64(), now.GetProperty("held_credits").GetInt64()));
    }
}
