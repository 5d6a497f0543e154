using System.Net;
using System.Net.Http.Json;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>The tools for keys, where an operator allows them: what a session may do over HTTP, and no more.</summary>
[Collection(McpTestGroup.Name)]
public sealed class KeyToolTests(McpGateway gateway)
{
    [Fact]
    public async Task Key_IsMadeLimitedListedAndRevoked()
    {
        var customer = await gateway.NewCustomerAsync();
        var arguments = new { name = "agent", spending_limit = 4, spending_type = "RECURRING", spending_period = "DAILY" };
        var made = (await gateway.CallAsync("create_key", arguments, customer.Session)).Answer;
        var (id, secret) = (made.GetProperty("id").GetInt64(), made.GetProperty("key").GetString()!);
        (await gateway.CallAsync("query", new { surface = "search", body = new { } }, secret)).Answer.GetProperty("ok");

        var limited = await gateway.CallAsync("set_key_limit", new { key_id = id, spending_limit = 3 }, customer.Session);
        Assert.Equal(3, limited.Answer.GetProperty("spending_limit").GetInt32());
        Assert.Equal("key_limit_exceeded", (await gateway.CallAsync("query", new { surface = "search", body = new { } }, secret)).Code);

        var list = (await gateway.CallAsync("list_keys", null, customer.Session)).Answer;
        var listed = Assert.Single(list.GetProperty("keys").EnumerateArray(), key => key.GetProperty("id").GetInt64() == id);
        Assert.False(listed.TryGetProperty("key", out _));

        var revoked = (await gateway.CallAsync("revoke_key", new { key_id = id }, customer.Session)).Answer;
        Assert.Equal("revoked", revoked.GetProperty("status").GetString());
        var after = await gateway.CallAsync("get_balance", null, secret);
        Assert.Equal(HttpStatusCode.Unauthorized, after.Http.Status);
        Assert.StartsWith("Bearer", after.Http.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("revoke_key", "{}", "#/key_id")]
    [InlineData("set_key_limit", """{"key_id":1}""", "#/spending_limit")]
    [InlineData("create_key", """{"name":"k","spending_type":"SOMETIMES"}""", "#/spending_type")]
    [InlineData("create_key", """{"spending_limit":5}""", "#/name")]
    public async Task WrongArgument_IsNamed(string tool, string arguments, string at)
    {
        var customer = await gateway.NewCustomerAsync();
        var problem = (await gateway.CallAsync(tool, System.Text.Json.JsonElement.Parse(arguments), customer.Session)).Problem;

        Assert.Equal(at, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task KeysOfOthers_AreNotThere()
    {
        var (one, other) = (await gateway.NewCustomerAsync(), await gateway.NewCustomerAsync());
        var theirs = (await gateway.CallAsync("list_keys", null, other.Session)).Answer.GetProperty("keys");
        var id = theirs[0].GetProperty("id").GetInt64();

        Assert.Equal("not_found", (await gateway.CallAsync("revoke_key", new { key_id = id }, one.Session)).Code);
        Assert.Equal("not_found", (await gateway.CallAsync("set_key_limit", new { key_id = id, spending_limit = 1 }, one.Session)).Code);
    }

    [Fact]
    public async Task Member_MakesKeysWithinWhatAnOwnerAllows()
    {
        var owner = await SignUpAsync();
        var member = await SignUpAsync();
        var team = (await PostAsync("api/me/teams", new { full_name = "Team" }, owner.Session)).GetProperty("id").GetInt64();
        var shared = (await PostAsync($"api/me/teams/{team}/session", null, owner.Session)).GetProperty("session").GetString()!;
        await PostAsync($"api/me/teams/{team}/members", new { email = member.Email, role = "member" }, shared);
        var invitations = (await gateway.Client.SendAsync(HttpMethod.Get, "api/me/invitations", member.Session, null)).ExpectSuccess();
        var invitation = invitations.GetProperty("invitations")[0].GetProperty("id").GetInt64();
        await PostAsync($"api/me/invitations/{invitation}/accept", null, member.Session);
        var inTeam = (await PostAsync($"api/me/teams/{team}/session", null, member.Session)).GetProperty("session").GetString()!;

        var beyond = await gateway.CallAsync("create_key", new { name = "mine", spending_limit = 1_000_000 }, inTeam);
        Assert.Equal("role_required", beyond.Code);
    }

    private async Task<(string Email, string Session)> SignUpAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var made = await PostAsync("api/auth/sign-up", new { email, password = "correct horse battery", full_name = "Test" }, null);
        return (email, made.GetProperty("session").GetString()!);
    }

    private async Task<System.Text.Json.JsonElement> PostAsync(string path, object? body, string? session)
    {
        var answer = await gateway.Client.SendAsync(HttpMethod.Post, path, session, body is null ? null : JsonContent.Create(body));
        return answer.Text.Length == 0 ? default : answer.ExpectSuccess();
    }
}
