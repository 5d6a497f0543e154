using System.Text.Json;
using System.Text.RegularExpressions;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>
/// The published clients of the protocol list and call every tool; they hold each answer against the schema that was listed, and fail where
/// it does not fit.
/// </summary>
[Collection(McpTestGroup.Name)]
public sealed partial class NodeClientTests(McpGateway gateway)
{
    private static readonly NodeScripts s_scripts = new("Mcp/node");

    [Theory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task Key_ListsAndCallsEveryTool(string client)
    {
        var customer = await gateway.NewCustomerAsync();
        var body = new { };
        foreach (var key in new[] { customer.Key, customer.TestKey })
        {
            var results = await RunAsync(
                client, key, ("get_balance", body), ("get_usage", new { limit = 2 }), ("get_pricing", body), ("get_key", body),
                ("quote", new { surface = "ad", body = new { count = 2, format = "full" } }), ("query", new { surface = "search", body }),
                ("query", new { surface = "search", body = new { say = "text" } }),
                ("query", new { surface = "search", body = new { say = "bytes" } }),
                ("query", new { surface = "search", body, idempotency_key = "again" }),
                ("query", new { surface = "search", body, idempotency_key = "again" }), ("dessert.get_balance", body));
            var names = results[0].GetProperty("tools").EnumerateArray().Select(tool => tool.GetString()!).ToList();
            Assert.Equal(6, names.Count);
            Assert.All(names, name => Assert.Matches(ModelsName(), name));
            Assert.All(results.Skip(1), result => Assert.False(
                result.TryGetProperty("error", out _) || result.GetProperty("isError").GetBoolean(), result.GetRawText()));
        }
    }

    [Theory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task Session_MakesLimitsListsAndRevokesKeys(string client)
    {
        var customer = await gateway.NewCustomerAsync();
        var limits = new[] { new { type = "RECURRING", period = "DAILY", limit = 5 } };
        var made = await RunAsync(
            client, customer.Session, ("create_key", new { name = "k", spending_limit = 5 }), ("create_key", new { name = "l", limits }));
        var id = made[1].GetProperty("answer").GetProperty("id").GetInt64();
        var results = await RunAsync(
            client, customer.Session, ("set_key_limit", new { key_id = id, spending_limit = 7 }), ("list_keys", new { }),
            ("revoke_key", new { key_id = id }), ("list_keys", new { limit = 1 }));

        Assert.All(made.Skip(1).Concat(results.Skip(1)), result => Assert.False(
            result.TryGetProperty("error", out _) || result.GetProperty("isError").GetBoolean(), result.GetRawText()));
    }

    [Theory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task Refusals_ReachTheModelAsText(string client)
    {
        var poor = await gateway.NewCustomerAsync(1);
        var results = await RunAsync(
            client, poor.Key, ("query", new { surface = "search", body = new { } }), ("get_usage", new { limit = 500 }),
            ("query", new { surface = "none", body = new { } }));

        Assert.Equal(
            ["insufficient_credits", "invalid_request", "unknown_surface"],
            results.Skip(1).Select(result =>
            {
                Assert.True(result.GetProperty("isError").GetBoolean(), result.GetRawText());
                return JsonElement.Parse(result.GetProperty("text").GetString()!).GetProperty("code").GetString();
            }));
    }

    private async Task<IReadOnlyList<JsonElement>> RunAsync(string client, string token, params (string Tool, object Arguments)[] calls)
    {
        await s_scripts.InstallAsync();
        return await s_scripts.RunAsync(
            "run.mjs", [.. calls.Select(call => JsonSerializer.Serialize(new { name = call.Tool, arguments = call.Arguments }))],
            new Dictionary<string, string>
            {
                ["CLIENT"] = client,
                ["GATEWAY"] = gateway.Writing.Address.GetLeftPart(UriPartial.Authority),
                ["TOKEN"] = token,
            });
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ModelsName();
}
