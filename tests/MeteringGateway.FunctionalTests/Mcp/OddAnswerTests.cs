using System.Text.Json;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>What a provider may answer and a reader of the protocol can't take as it is: it is paid for, so it is handed over.</summary>
[Collection(McpTestGroup.Name)]
public sealed class OddAnswerTests(McpGateway gateway)
{
    [Theory]
    [InlineData("""{"text":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    public Task JsonThatIsNoUnicode_IsHandedOverAsText(string json) => IsHandedOverAsync(json, isText: true);

    [Theory]
    [InlineData(40, false)]
    [InlineData(61, false)]
    [InlineData(62, true)]
    [InlineData(511, true)]
    public Task JsonThatIsNestedDeep_IsHandedOver(int levels, bool isText) =>
        IsHandedOverAsync(new string('[', levels) + new string(']', levels), isText);

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"n":1e999,"m":-0.0,"k":123456789012345678901234567890}""")]
    [InlineData("\"a \\u0000 \\u2028 \U0001F600\"")]
    [InlineData("5")]
    [InlineData("null")]
    public Task OtherJson_IsHandedOverAsItCame(string json) => IsHandedOverAsync(json, isText: false);

    /// <summary>A large answer goes out as it comes, and nobody has looked at its end when it begins.</summary>
    [Theory]
    [InlineData("no json")]
    [InlineData("no text")]
    public async Task LargeJsonThatIsNone_IsARefusalWithWhatItCameTo(string say)
    {
        var customer = await gateway.NewCustomerAsync();
        var reply = await new McpCaller(gateway.Plain.Client).CallAsync(
            "query", new { surface = "search", body = new { say } }, customer.Key);

        Assert.Equal("answer_broke_off", reply.Code);
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal(reply.Problem.GetProperty("request_id").GetString(), entry.EntryId);
        Assert.Equal(2, reply.Problem.GetProperty("call").GetProperty("credits_charged").GetInt32());
    }

    /// <summary>What a provider refuses with may be as odd, and a time to wait is added to it.</summary>
    [Fact]
    public async Task RefusalOfAProvider_IsHandedOverWithItsTimeToWait()
    {
        var customer = await gateway.NewCustomerAsync();
        var problem = (await gateway.CallAsync("query", new { surface = "search", body = new { say = "later" } }, customer.Key)).Text;

        Assert.Contains("\\ud800", problem, StringComparison.Ordinal);
        Assert.EndsWith(",\"retry_after_seconds\":7}", problem, StringComparison.Ordinal);
    }

    private async Task IsHandedOverAsync(string json, bool isText)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = (await gateway.CallAsync("query", new { surface = "search", body = new { reply = json } }, customer.Key)).Answer;

        var result = answer.GetProperty("result");
        if (isText)
        {
            Assert.Equal((json, "json"), (result.GetString(), answer.GetProperty("result_encoding").GetString()));
        }
        else
        {
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), result), result.GetRawText());
            Assert.False(answer.TryGetProperty("result_encoding", out _));
        }

        Assert.Equal((2, 998), (answer.GetProperty("credits_charged").GetInt64(), answer.GetProperty("remaining_credits").GetInt64()));
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal(answer.GetProperty("request_id").GetString(), entry.EntryId);
    }
}
