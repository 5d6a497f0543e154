using System.Net;
using System.Net.Http.Json;
using MeteringGateway.FunctionalTests.Accounts.Notices;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Accounts.Keys;

/// <summary>An account's session does with its own keys what an operator does, and knows nothing of others'.</summary>
[Collection(NoticeTestGroup.Name)]
public sealed class MyKeysTests(NoticeGateway gateway)
{
    [Fact]
    public async Task Session_OnItsOwnKeys_CanDoAllThatAnOperatorCan()
    {
        var session = await SessionAsync(await gateway.Client.CreateAccountAsync(100));
        var made = (await CallAsync(HttpMethod.Post, "", session, new { name = "mine", spending_limit = 5 }))
            .Expect(HttpStatusCode.Created);
        var (id, key) = (made.GetProperty("id").GetInt64(), made.GetProperty("key").GetString()!);

        await gateway.ChargeAsync(key, 5);
        Assert.Equal("key_limit_exceeded", (await QueryAsync(key)).Code);
        Assert.Equal(3, (await CallAsync(HttpMethod.Patch, $"/{id}", session, new { spending_limit = 8 })).ExpectSuccess()
            .GetProperty("limits")[0]
            .GetProperty("remaining").GetInt64());
        var rotated = (await CallAsync(HttpMethod.Post, $"/{id}/rotate", session)).ExpectSuccess().GetProperty("key").GetString()!;
        Assert.Equal("invalid_key", (await QueryAsync(key)).Code);
        await gateway.ChargeAsync(rotated, 3);
        Assert.Equal(1, (await CallAsync(HttpMethod.Get, "", session)).ExpectSuccess().GetProperty("total").GetInt64());
        Assert.Equal(HttpStatusCode.NoContent, (await CallAsync(HttpMethod.Delete, $"/{id}", session)).Status);
        Assert.Equal("invalid_key", (await gateway.Second.Client.QueryAsync(rotated, new { surface = "search", kind = "one" })).Code);
    }

    [Fact]
    public async Task Session_OnAnothersKey_FindsNothing()
    {
        var (_, key, id) = await gateway.NewKeyAsync(100, new { name = "theirs" });
        var session = await SessionAsync(await gateway.Client.CreateAccountAsync());

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, $"/{id}"), (HttpMethod.Patch, $"/{id}"), (HttpMethod.Post, $"/{id}/rotate"), (HttpMethod.Delete, $"/{id}"),
        })
        {
            Assert.Equal("not_found", (await CallAsync(method, path, session, new { })).Code);
        }

        // A good credential of the wrong kind: known, but not a person's.
        Assert.Equal("forbidden", (await CallAsync(HttpMethod.Get, "", key)).Code);
        await gateway.ChargeAsync(key, 1);
    }

    private async Task<string> SessionAsync(long account) =>
        (await gateway.Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/sessions")).ExpectSuccess()
            .GetProperty("session").GetString()!;

    private Task<GatewayAnswer> QueryAsync(string key) => gateway.Client.QueryAsync(key, new { surface = "search", kind = "one" });

    private Task<GatewayAnswer> CallAsync(HttpMethod method, string path, string session, object? body = null) =>
        gateway.Client.SendAsync(method, "api/me/keys" + path, session, body is null ? null : JsonContent.Create(body));
}
