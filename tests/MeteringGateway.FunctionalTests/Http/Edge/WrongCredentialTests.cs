using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.Edge;

/// <summary>
/// An address that comes with too many wrong credentials. With a gateway of its own: for a while, no new key works there.
/// </summary>
public sealed class WrongCredentialTests(BoundFixture fixture) : IClassFixture<BoundFixture>
{
    private const string Body = """{"surface":"search"}""";

    [Fact]
    public async Task Address_WithTooManyWrongKeys_Is429WhileGoodKeysAndSessionsGoOn()
    {
        fixture.Alpha.Script = _ => FakeReply.Json("""{"from":"alpha"}""");
        var account = await fixture.Client.CreateAccountAsync(100);
        var key = await fixture.Client.CreateKeyAsync(account);
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, Body)).Status);
        var session = (await fixture.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;
        Assert.Equal(200, (int)(await fixture.Client.SendAsync(HttpMethod.Get, "v1/balance", session, null)).Status);
        var statuses = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            statuses.Add((int)(await fixture.Client.QueryAsync($"mg_live_{i:D49}", Body)).Status);
        }

        Assert.Equal([401, 429], statuses.Distinct().Order());
        Assert.Equal(200, (int)(await fixture.Client.QueryAsync(key, Body)).Status);
        Assert.Equal(200, (int)(await fixture.Client.SendAsync(HttpMethod.Get, "v1/balance", session, null)).Status);
        Assert.Equal(200, (int)(await fixture.Client.AdminAsync(HttpMethod.Get, "admin/accounts")).Status);

        // Of nobody's proxy, the header makes no other client.
        Assert.Equal(429, (int)(await fixture.Client.QueryAsync("mg_live_wrong", Body, ("X-Forwarded-For", "9.9.9.9"))).Status);
    }
}
