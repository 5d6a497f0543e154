using System.Net;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Dialects;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>The tools that look: each answers what the API answers.</summary>
[Collection(McpTestGroup.Name)]
public sealed class ReadingTests(McpGateway gateway)
{
    private const string Document = """
        {"credits_balance":205,"credits_balance_usd_equivalent":20.50,"credits_lifetime_purchased":500,"auto_recharge_enabled":true,"auto_recharge_threshold":20,
         "auto_recharge_amount_usd":25.0,"pricing":{"credit_usd":0.10,"static_ad_credits":5,"full_ad_credits":15,"search_credits":2}}
        """;

    [Theory]
    [InlineData("get_balance", "mcp")]
    [InlineData("dessert.get_balance", "mcp")]
    [InlineData("dessert.get_balance", "mcp/dessert")]
    public async Task Balance_UnderEachName_IsTheDocumentedObject(string tool, string path)
    {
        var customer = await gateway.NewCustomerAsync(205);
        foreach (var bearer in new[] { customer.Key, customer.TestKey, customer.Session })
        {
            var reply = await new McpCaller(gateway.Plain.Client).CallAsync(tool, new { }, bearer, path);
            var overHttp = await gateway.Client.SendAsync(HttpMethod.Get, "v1/balance", bearer, null);

            Shape.Matches(Document, reply.Answer);
            Assert.True(JsonElement.DeepEquals(overHttp.Expect(HttpStatusCode.OK), reply.Answer));
            Assert.Equal(overHttp.Text, reply.Text);
        }
    }

    [Fact]
    public async Task UsageAndKey_AreThoseOfTheApis()
    {
        var customer = await gateway.NewCustomerAsync(key: new { name = "agent", mode = "live", spending_limit = 40 });
        (await gateway.CallAsync("query", new { surface = "search", body = new { } }, customer.Key)).Answer.GetProperty("ok");

        var usage = (await gateway.CallAsync("get_usage", new { limit = 1 }, customer.Key)).Answer;
        var key = (await gateway.CallAsync("get_key", null, customer.Key)).Answer;

        Assert.Equal(-2, Assert.Single(usage.GetProperty("recent_transactions").EnumerateArray()).GetProperty("credits_delta").GetInt64());
        var limit = Assert.Single(key.GetProperty("limits").EnumerateArray());
        Assert.Equal((40, 2, 38), (
            limit.GetProperty("limit").GetInt64(), limit.GetProperty("spent").GetInt64(), limit.GetProperty("remaining").GetInt64()));
    }

    [Fact]
    public async Task Pricing_HasEachSurfaceAsItIsConfigured()
    {
        var customer = await gateway.NewCustomerAsync();
        var pricing = (await gateway.CallAsync("get_pricing", null, customer.Session)).Answer;

        Assert.Equal(0.10m, pricing.GetProperty("credit_usd").GetDecimal());
        var surfaces = pricing.GetProperty("surfaces").EnumerateArray().ToDictionary(one => one.GetProperty("surface").GetString()!);
        Assert.Equal(2, surfaces["search"].GetProperty("price").GetProperty("credits").GetInt32());
        Assert.Equal(15, surfaces["ad"].GetProperty("price").GetProperty("credits").GetProperty("full").GetInt32());
    }

    [Fact]
    public async Task Quote_IsTheDryRun()
    {
        var customer = await gateway.NewCustomerAsync(20);
        var body = new { count = 2, format = "full" };
        var quote = await gateway.CallAsync("quote", new { surface = "ad", body }, customer.Key);
        var overHttp = await gateway.Client.SendAsync(
            HttpMethod.Post, "api/v1/query?dry_run=true", customer.Key,
            new StringContent("""{"surface":"ad","count":2,"format":"full"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(overHttp.Text, quote.Text);
        Assert.Equal(("insufficient_credits", 30), (
            quote.Answer.GetProperty("code").GetString(), quote.Answer.GetProperty("max_credits").GetInt32()));
    }

    [Theory]
    [InlineData("get_usage", """{"limit":0}""", "#/limit", "from 1 to 50")]
    [InlineData("get_usage", """{"limit":"5"}""", "#/limit", "whole number")]
    [InlineData("get_usage", """{"count":5}""", "#/count", "get_usage, which has limit")]
    [InlineData("get_balance", """{"account":5}""", "#/account", "which has none")]
    [InlineData("quote", """{"surface":"search"}""", "#/body", "required")]
    [InlineData("quote", """{"body":{}}""", "#/surface", "required")]
    [InlineData("query", """{"surface":"search","body":"{}"}""", "#/body", "JSON object, not a text")]
    [InlineData("query", """{"surface":"search","body":{"surface":"ad"}}""", "#/body/surface", "beside the body")]
    [InlineData("query", """{"surface":"search","surface":"ad","body":{}}""", "#/surface", "twice")]
    [InlineData("query", """{"surface":"search","body":{},"idempotency_key":"a b"}""", "#/idempotency_key", "visible ASCII")]
    [InlineData("query", """{"surface":"search","body":{},"dry_run":true}""", "#/dry_run", "surface, body, idempotency_key")]
    [InlineData("query", """{"surface":"ad","body":{"count":0,"format":"full"}}""", "#/count", "")]
    public async Task WrongArgument_IsNamedWithWhatWouldBeRight(string tool, string arguments, string at, string words)
    {
        var customer = await gateway.NewCustomerAsync(10);
        var reply = McpReply.Of(await new McpCaller(gateway.Writing.Client).PostAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}",
            customer.Key));

        Assert.Equal("invalid_request", reply.Code);
        var error = Assert.Single(reply.Problem.GetProperty("errors").EnumerateArray());
        Assert.Equal(at, error.GetProperty("pointer").GetString());
        Assert.Contains(words, error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains(at, reply.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Single(await gateway.Stores.Books.EntriesAsync(customer.Account));
    }
}
