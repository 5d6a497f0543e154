using System.Net;
using System.Text;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>Messages that few clients send: what is valid is answered, what is not is told what is wrong, and none is a failure.</summary>
[Collection(McpTestGroup.Name)]
public sealed class OddMessageTests(McpGateway gateway)
{
    private const string Query = """
        {"jsonrpc":"2.0","method":"tools/call","params":{"name":"query","arguments":{"surface":"search","body":{}}}}
        """;

    private readonly McpCaller _caller = new(gateway.Plain.Client);

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("\"\"")]
    [InlineData("\"\u00e9\U0001F600\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9007199254740993")]
    [InlineData("9223372036854775807")]
    public async Task Id_ComesBackAsItIs(string id)
    {
        var reply = McpReply.Of(await PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/list"}"""));

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(id), reply.Message.GetProperty("id")), reply.Http.Text);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1.5")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task IdThatCanNotComeBackAsItIs_IsRefused(string id)
    {
        var answer = await PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/list"}""");

        Assert.Equal((HttpStatusCode.BadRequest, -32600), (answer.Status, CodeOf(answer.Json)));
    }

    [Fact]
    public async Task Notification_IsTakenAndCallsNothing()
    {
        var customer = await gateway.NewCustomerAsync();
        var count = gateway.Provider.Count;
        foreach (var message in new[]
        {
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""",
            """{"jsonrpc":"2.0","method":"notifications/none"}""",
            """{"jsonrpc":"2.0","id":1,"result":{}}""",
            Query,
        })
        {
            var answer = await _caller.PostAsync(message, customer.Key);
            Assert.Equal((HttpStatusCode.Accepted, ""), (answer.Status, answer.Text));
        }

        Assert.Equal(count, gateway.Provider.Count);
        Assert.Single(await gateway.Stores.Books.EntriesAsync(customer.Account));
    }

    [Theory]
    [InlineData("[" + Query + "]")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(Query + Query)]
    public async Task BatchOrWhatIsNoMessage_Is400(string message)
    {
        var answer = await PostAsync(message);

        Assert.Equal((HttpStatusCode.BadRequest, -32600), (answer.Status, CodeOf(answer.Json)));
    }

    [Fact]
    public async Task UnknownMethod_IsToldSo()
    {
        var reply = McpReply.Of(await PostAsync("""{"jsonrpc":"2.0","id":1,"method":"resources/list"}"""));

        Assert.Equal(-32601, CodeOf(reply.Message));
    }

    [Theory]
    [InlineData("initialize", "{}", "clientInfo")]
    [InlineData("initialize", """{"protocolVersion":5,"capabilities":{},"clientInfo":{"name":"t","version":"1"}}""", "$.protocolVersion")]
    [InlineData("initialize", "[]", "$")]
    [InlineData("tools/list", "[]", "$")]
    [InlineData("tools/list", """{"cursor":5}""", "$.cursor")]
    [InlineData("tools/call", "{}", "name")]
    [InlineData("tools/call", """{"name":5}""", "$.name")]
    [InlineData("tools/call", """{"name":"query","arguments":[]}""", "$.arguments")]
    [InlineData("tools/call", """{"name":"query","arguments":"{}"}""", "$.arguments")]
    [InlineData("tools/call", """{"name":"query","_meta":5}""", "$._meta")]
    public async Task WrongParams_AreNamedAndNoFailure(string method, string parameters, string words)
    {
        var reply = McpReply.Of(await PostAsync($$"""{"jsonrpc":"2.0","id":"x","method":"{{method}}","params":{{parameters}}}"""));

        Assert.Equal(
            (HttpStatusCode.OK, -32602, "x"),
            (reply.Http.Status, CodeOf(reply.Message), reply.Message.GetProperty("id").GetString()));
        Assert.Contains(words, reply.Message.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"get_balance"}""")]
    [InlineData("""{"name":"get_balance","arguments":null}""")]
    [InlineData("""{"name":"get_balance","arguments":{},"more":1,"_meta":{"progressToken":"p","of.others/x":[]}}""")]
    public async Task ArgumentsThatAreNotThere_AreNone(string parameters)
    {
        var reply = McpReply.Of(await PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}}}"""));

        Assert.Equal(1_000, reply.Answer.GetProperty("credits_balance").GetInt64());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=none")]
    public async Task ContentTypeThatIsNotJsonInUtf8_Is415(string? type)
    {
        var answer = await PostAsync(Encoding.UTF8.GetBytes(Query), type);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported_media_type"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task ByteOrderMark_IsPassedOver()
    {
        var message = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_usage","arguments":{"limit":1}}}""";
        var reply = McpReply.Of(await PostAsync([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(message)], "application/json; charset=UTF-8"));

        Assert.Single(reply.Answer.GetProperty("recent_transactions").EnumerateArray());
    }

    [Fact]
    public async Task TextThatIsNoUnicodeDeepInside_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 50)) + "\"\\ud800\"" + string.Concat(Enumerable.Repeat("]", 50));
        var answer = await PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"surface":"search","body":{"a":""" + deep
                + "}}}}");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("2024-11-05", HttpStatusCode.OK)]
    [InlineData("2025-03-26", HttpStatusCode.OK)]
    [InlineData("2025-06-18", HttpStatusCode.OK)]
    [InlineData("2025-11-25", HttpStatusCode.OK)]
    [InlineData("2026-07-28", HttpStatusCode.BadRequest)]
    [InlineData("2099-01-01", HttpStatusCode.BadRequest)]
    [InlineData("x", HttpStatusCode.BadRequest)]
    public async Task Revision_InTheHeader_IsTakenWhereItIsKnownAndNeedsNoMeta(string revision, HttpStatusCode status)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = await _caller.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", customer.Key, "mcp", ("MCP-Protocol-Version", revision));

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.NotAcceptable)]
    [InlineData("text/event-stream", HttpStatusCode.NotAcceptable)]
    [InlineData("*/*", HttpStatusCode.OK)]
    [InlineData("APPLICATION/JSON, text/event-stream;q=0.5", HttpStatusCode.OK)]
    public async Task Accept_MustAllowBothTypes(string accept, HttpStatusCode status)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = await gateway.Plain.Client.SendAsync(
            HttpMethod.Post, "mcp", customer.Key, Content("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray(), "application/json"),
            ("Accept", accept));

        Assert.Equal(status, answer.Status);
    }

    private static int CodeOf(JsonElement message) => message.GetProperty("error").GetProperty("code").GetInt32();

    private static ByteArrayContent Content(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    private Task<GatewayAnswer> PostAsync(string message) => PostAsync(Encoding.UTF8.GetBytes(message), "application/json");

    private async Task<GatewayAnswer> PostAsync(byte[] body, string? type)
    {
        var customer = await gateway.NewCustomerAsync();
        return await gateway.Plain.Client.SendAsync(
            HttpMethod.Post, "mcp", customer.Key, Content(body, type), ("Accept", "application/json, text/event-stream"));
    }
}
