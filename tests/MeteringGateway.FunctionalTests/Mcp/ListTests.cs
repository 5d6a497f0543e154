using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>Which tools are listed to whom, and what they are called.</summary>
[Collection(McpTestGroup.Name)]
public sealed class ListTests(McpGateway gateway)
{
    private static readonly string[] s_account = ["get_balance", "get_usage", "get_pricing"];
    private static readonly string[] s_key = [.. s_account, "get_key", "quote", "query"];
    private static readonly string[] s_writer = [.. s_account, "list_keys", "create_key", "set_key_limit", "revoke_key"];

    [Fact]
    public async Task Tools_ByCredential_AreThoseThatItMayUse()
    {
        var customer = await gateway.NewCustomerAsync();

        Assert.Equal(s_key, await NamesAsync(gateway.Writing, customer.Key));
        Assert.Equal(s_key, await NamesAsync(gateway.Writing, customer.TestKey));
        Assert.Equal(s_writer, await NamesAsync(gateway.Writing, customer.Session));
        Assert.Equal(s_key, await NamesAsync(gateway.Plain, customer.Key));
        Assert.Equal(s_account, await NamesAsync(gateway.Plain, customer.Session));
    }

    [Fact]
    public async Task DessertsName_IsListedAtItsOwnAddressAlone()
    {
        var customer = await gateway.NewCustomerAsync();

        Assert.Equal(["dessert.get_balance"], await NamesAsync(gateway.Plain, customer.Key, "mcp/dessert"));
        Assert.Equal(["dessert.get_balance"], await NamesAsync(gateway.Plain, customer.Session, "mcp/dessert"));
        var reply = await new McpCaller(gateway.Plain.Client).CallAsync("query", new { }, customer.Key, "mcp/dessert");
        var words = reply.Message.GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("dessert.get_balance", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownTool_IsAnsweredWithThoseThatThereAre()
    {
        var customer = await gateway.NewCustomerAsync();
        var error = (await gateway.CallAsync("get_blance", new { }, customer.Key)).Message.GetProperty("error");

        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Contains(
            "get_balance, get_usage, get_pricing, get_key, quote, query", error.GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolOfAnotherCredential_SaysWhichItNeeds()
    {
        var customer = await gateway.NewCustomerAsync();
        var arguments = new { surface = "search", body = new { } };

        var query = (await gateway.CallAsync("query", arguments, customer.Session)).Problem;
        Assert.Contains("API key", query.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var list = (await gateway.CallAsync("list_keys", null, customer.Key)).Problem;
        Assert.Contains("session", list.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var off = (await new McpCaller(gateway.Plain.Client).CallAsync("create_key", new { name = "k" }, customer.Session)).Problem;
        Assert.Contains("Mcp:Writes", off.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string?>> NamesAsync(GatewayProcess at, string bearer, string path = "mcp") =>
        (await new McpCaller(at.Client).ListAsync(bearer, path)).Select(tool => tool.GetProperty("name").GetString());
}
