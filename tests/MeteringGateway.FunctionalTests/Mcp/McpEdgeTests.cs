using System.Net;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>Who is let in at the address of the protocol, and what it is answered there.</summary>
[Collection(McpTestGroup.Name)]
public sealed class McpEdgeTests(McpGateway gateway)
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";

    private readonly McpCaller _caller = new(gateway.Plain.Client);

    [Theory]
    [InlineData("initialize")]
    [InlineData("tools/list")]
    [InlineData("tools/call")]
    public async Task WithoutACredential_ItIs401WithTheScheme(string method)
    {
        var message = JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = new { } });
        foreach (var bearer in new[] { null, "mg_live_nothing", GatewayProcess.AdminToken })
        {
            var answer = await _caller.PostAsync(message, bearer);
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_key"), (answer.Status, answer.Code));
            Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EachKindOfHeader_IsTaken()
    {
        var customer = await gateway.NewCustomerAsync();
        foreach (var (name, value) in new[]
        {
            ("X-Api-Key", customer.Key), ("X-Session", customer.Session), ("X-Kendr-Session", customer.Session),
        })
        {
            var reply = await _caller.CallAsync("get_balance", null, null!, headers: (name, value));
            Assert.Equal(1_000, reply.Answer.GetProperty("credits_balance").GetInt64());
        }

        var query = await _caller.CallAsync(
            "query", new { surface = "search", body = new { } }, null!, headers: ("X-Api-Key", customer.Key));
        Assert.Equal(2, query.Answer.GetProperty("credits_charged").GetInt64());
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "evil.example:8080")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task ForeignHostOrOrigin_Is403BeforeAnythingElse(string name, string value)
    {
        foreach (var path in new[] { "mcp", "mcp/dessert" })
        {
            var answer = await _caller.PostAsync(List, null, path, (name, value));
            Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("Host", "localhost:8080")]
    [InlineData("Origin", "http://127.0.0.1:5173")]
    [InlineData("Origin", "http://[::1]")]
    public async Task Loopback_IsNotForeign(string name, string value)
    {
        var customer = await gateway.NewCustomerAsync();
        Assert.Equal(HttpStatusCode.OK, (await _caller.PostAsync(List, customer.Key, "mcp", (name, value))).Status);
    }

    [Fact]
    public async Task OtherMethods_Are405AndNothingIsSaidOfSessions()
    {
        var customer = await gateway.NewCustomerAsync();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            var answer = await gateway.Plain.Client.SendAsync(method, "mcp", customer.Key, null);
            Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST, OPTIONS"), (answer.Status, answer.Headers["Allow"]));
        }

        var opened = await _caller.SendAsync(
            "initialize",
            new { protocolVersion = "2025-11-25", capabilities = new { }, clientInfo = new { name = "test", version = "1" } },
            customer.Key);
        Assert.False(opened.Http.Headers.ContainsKey("Mcp-Session-Id"));
        Assert.Equal("metering-gateway", opened.Result.GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Contains("quote", opened.Result.GetProperty("instructions").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestWithoutAHandshake_OfTheNewestRevision_IsAnswered()
    {
        var customer = await gateway.NewCustomerAsync();
        var meta = new Dictionary<string, object>
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new { name = "test", version = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new { },
        };
        var reply = await _caller.SendAsync(
            "tools/call", new { name = "get_balance", arguments = new { }, _meta = meta }, customer.Key, "mcp",
            ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "get_balance"));

        Assert.Equal(1_000, reply.Answer.GetProperty("credits_balance").GetInt64());
    }

    [Fact]
    public async Task BodyThatIsTooLargeOrNoJson_IsRefused()
    {
        var customer = await gateway.NewCustomerAsync();

        var large = await _caller.PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{new string('x', 1024 * 1024)}}"}""", customer.Key);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (large.Status, large.Code));
        Assert.Equal(HttpStatusCode.BadRequest, (await _caller.PostAsync("{", customer.Key)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _caller.PostAsync("""{"jsonrpc":"2.0","id":"\ud800"}""", customer.Key)).Status);
    }

    [Fact]
    public async Task Suspension_HoldsFromTheNextCall()
    {
        var customer = await gateway.NewCustomerAsync();
        (await _caller.CallAsync("get_balance", null, customer.Key)).Answer.GetProperty("credits_balance");
        await gateway.Client.AdminAsync(HttpMethod.Patch, $"admin/accounts/{customer.Account}", new { status = "suspended" });

        Assert.Equal((HttpStatusCode.Forbidden, "account_suspended"), Facts(await _caller.PostAsync(List, customer.Key)));
        Assert.Equal((HttpStatusCode.Forbidden, "account_suspended"), Facts(await _caller.PostAsync(List, customer.Session)));
    }

    [Fact]
    public async Task WhereAClientLooksForTokens_NothingIsServedWithoutAProvider()
    {
        foreach (var path in new[] { "", "/mcp", "/mcp/dessert" })
        {
            var answer = await gateway.Plain.Client.SendAsync(
                HttpMethod.Get, ".well-known/oauth-protected-resource" + path, null, null);
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), Facts(answer));
        }
    }

    private static (HttpStatusCode Status, string? Code) Facts(GatewayAnswer answer) => (answer.Status, answer.Code);
}
