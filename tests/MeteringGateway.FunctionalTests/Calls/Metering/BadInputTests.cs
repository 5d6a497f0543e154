using System.Net.Http.Headers;
using System.Text;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

public sealed class BadInputTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    public static TheoryData<string, int, string> Bodies => new()
    {
        { "", 400, "invalid_json" },
        { "   ", 400, "invalid_json" },
        { "hello", 400, "invalid_json" },
        { """{"surface":"search"} x""", 400, "invalid_json" },
        { """{"surface":"search",}""", 400, "invalid_json" },
        { "{}", 400, "invalid_request" },
        { """{"surface":7}""", 400, "invalid_request" },
        { """{"surface":null}""", 400, "invalid_request" },
        { """{"surface":"search","surface":"seven"}""", 400, "invalid_request" },
        { """{"surface":"nope"}""", 404, "unknown_surface" },
        { """{"surface":""}""", 404, "unknown_surface" },
        { """{"surface":"ads","format":"full","count":0}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":-1}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":1e9}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":1.5}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":"x"}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":null}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":1,"count":2}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":99999999999999999999}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"full","count":1000000000000}""", 400, "invalid_request" },
        { """{"surface":"ads","format":"huge"}""", 400, "invalid_request" },
        { """{"surface":"ads"}""", 400, "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Query_BadBody_IsRefusedAndFree(string body, int status, string code)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var before = fixture.Alpha.Count;
        var answer = await fixture.Client.QueryAsync(key, body);
        Assert.Equal((status, code, 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal(code == "unknown_surface", answer.Json.TryGetProperty("surfaces", out _));
        Assert.Equal(status == 400, answer.Json.TryGetProperty("errors", out _));
        Assert.Equal(before, fixture.Alpha.Count);
        await AssertFullAsync(account);
    }

    [Fact]
    public async Task Query_AnArray_IsRefused()
    {
        var (account, key) = await fixture.NewKeyAsync();
        Assert.Equal(400, (int)(await fixture.Client.QueryAsync(key, "[]")).Status);
        await AssertFullAsync(account);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("mg_live_0000000000000000000000000000000000000000000000000")]
    [InlineData("mg_live_\u0001\u0002")]
    public async Task Query_WithoutAValidKey_ReadsTheSame(string? key)
    {
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"search"}""");
        var missing = await fixture.Client.QueryAsync(null, "not even JSON");
        Assert.Equal((401, "invalid_key"), ((int)answer.Status, answer.Code));
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal(
            missing.Text.Replace(missing.RequestId, "", StringComparison.Ordinal),
            answer.Text.Replace(answer.RequestId, "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"surface":"search"}""")]
    [InlineData("not JSON")]
    [InlineData("""{"surface":"nope"}""")]
    public async Task Query_WithARevokedKey_ReadsLikeAnUnknownOne(string body)
    {
        var (account, key) = await fixture.NewKeyAsync();
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, """{"surface":"search"}""")).Status);
        var keys = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}/keys")).ExpectSuccess();
        var id = keys.GetProperty("keys")[0].GetProperty("id").GetInt64();
        Assert.InRange((int)(await fixture.Client.AdminAsync(HttpMethod.Delete, $"admin/keys/{id}")).Status, 200, 204);
        Assert.Equal("invalid_key", (await fixture.Client.QueryAsync(key, body)).Code);
    }

    [Theory]
    [InlineData(100, "small", 413)]
    [InlineData(2 * 1024 * 1024, "search", 413)]
    [InlineData(900_000, "search", 200)]
    public async Task Query_OfASize_IsBoundedBySurface(int padding, string surface, int status)
    {
        var (_, key) = await fixture.NewKeyAsync();
        var answer = await fixture.Client.QueryAsync(key, $$"""{"surface":"{{surface}}","x":"{{new string('x', padding)}}"}""");
        Assert.Equal((status, status == 413 ? "body_too_large" : null), ((int)answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Query_OfAnotherContentType_IsRefused(string? contentType)
    {
        var (account, key) = await fixture.NewKeyAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"surface":"search"}"""));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        var answer = await fixture.Client.SendAsync(HttpMethod.Post, "api/v1/query", key, content);
        Assert.Equal((415, "unsupported_media_type"), ((int)answer.Status, answer.Code));
        await AssertFullAsync(account);
    }

    [Fact]
    public async Task OperatorCall_WithABodyAboveTheServersBound_ReadsItsRefusal()
    {
        var answer = await fixture.Client.AdminAsync(
            HttpMethod.Post, "admin/accounts", new { full_name = new string('x', 4 * 1024 * 1024) });
        Assert.Equal((413, "body_too_large"), ((int)answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("healthz")]
    [InlineData("readyz")]
    public async Task Health_AskedWithHead_AnswersLikeGet(string path)
    {
        var get = await fixture.Client.SendAsync(HttpMethod.Get, path, null, null);
        var head = await fixture.Client.SendAsync(HttpMethod.Head, path, null, null);
        Assert.Equal((get.Status, ""), (head.Status, head.Text));
    }

    [Fact]
    public async Task Request_ToNowhere_IsAProblemToo()
    {
        var answer = await fixture.Client.SendAsync(HttpMethod.Get, "nowhere", null, null);
        Assert.Equal((404, "not_found"), ((int)answer.Status, answer.Code));
        Assert.Equal(405, (int)(await fixture.Client.SendAsync(HttpMethod.Get, "api/v1/query", null, null)).Status);
        Assert.True(answer.Headers.ContainsKey("X-Request-Id"));
    }

    private async Task AssertFullAsync(long account)
    {
        var state = (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
        Assert.Equal((100, 0), (state.GetProperty("credit_balance").GetInt64(), state.GetProperty("held_credits").GetInt64()));
    }
}
