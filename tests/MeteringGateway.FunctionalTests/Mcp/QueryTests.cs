using System.Text;
using System.Text.Json;

namespace MeteringGateway.FunctionalTests.Mcp;

/// <summary>The tool that spends is the metered call in every rule of it.</summary>
[Collection(McpTestGroup.Name)]
public sealed class QueryTests(McpGateway gateway)
{
    [Fact]
    public async Task Answer_IsTheEnvelopeAndOneEntryOfItsRequest()
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = (await QueryAsync(customer.Key, new { q = "metering" })).Answer;

        Assert.Equal(
            ["ok", "request_id", "surface", "provider", "result", "credits_charged", "remaining_credits", "provider_attempts"],
            answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal((2, 998), (answer.GetProperty("credits_charged").GetInt64(), answer.GetProperty("remaining_credits").GetInt64()));
        Assert.Equal("""{"answer":42,"price":1.50}""", answer.GetProperty("result").GetRawText());
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal((answer.GetProperty("request_id").GetString(), -2L), (entry.EntryId, entry.CreditsDelta));
    }

    [Fact]
    public async Task Body_GoesToTheProviderByteForByte()
    {
        var customer = await gateway.NewCustomerAsync();
        const string fields = """ "q" : "caf\u00e9 é 😀", "n":1.0e2, "mark":"byte-for-byte" }""";
        await new McpCaller(gateway.Writing.Client).PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"surface":"search","body":{""" + fields
                + "}}}",
            customer.Key);

        var sent = Assert.Single(
            gateway.Provider.Requests,
            request => Encoding.UTF8.GetString(request.Body).Contains("byte-for-byte", StringComparison.Ordinal));
        Assert.Equal("""{"surface":"search",""" + fields.TrimStart(), Encoding.UTF8.GetString(sent.Body));
    }

    [Theory]
    [InlineData("text", "plain wörds")]
    [InlineData("events", "data: 1\n\ndata: 2\n\n")]
    public async Task Text_IsAStringWithTheFactsAroundIt(string say, string text)
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = (await QueryAsync(customer.Key, new { say })).Answer;

        Assert.Equal(
            ["ok", "request_id", "surface", "provider", "result", "credits_charged", "remaining_credits", "provider_attempts"],
            answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(text, answer.GetProperty("result").GetString());
        Assert.Equal((2, 998), (answer.GetProperty("credits_charged").GetInt64(), answer.GetProperty("remaining_credits").GetInt64()));
        var attempt = Assert.Single(answer.GetProperty("provider_attempts").EnumerateArray());
        Assert.Equal(("alpha", "success", 200), (
            attempt.GetProperty("provider").GetString(), attempt.GetProperty("outcome").GetString(),
            attempt.GetProperty("status").GetInt32()));
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal(answer.GetProperty("request_id").GetString(), entry.EntryId);
    }

    [Fact]
    public async Task Bytes_AreBase64AndWhatIsTooLargeIsLeftOut()
    {
        var customer = await gateway.NewCustomerAsync();

        var bytes = (await QueryAsync(customer.Key, new { say = "bytes" })).Answer;
        Assert.Equal(("iVD/", "base64"), (bytes.GetProperty("result").GetString(), bytes.GetProperty("result_encoding").GetString()));
        var much = (await QueryAsync(customer.Key, new { say = "much" })).Answer;
        Assert.Equal((JsonValueKind.Null, 2), (much.GetProperty("result").ValueKind, much.GetProperty("credits_charged").GetInt32()));
        Assert.NotEmpty(much.GetProperty("result_omitted").GetString()!);
    }

    [Fact]
    public async Task AnswerThatBreaksOff_IsARefusalWithWhatItCameTo()
    {
        var customer = await gateway.NewCustomerAsync();
        var reply = await QueryAsync(customer.Key, new { say = "break" });

        Assert.Equal("answer_broke_off", reply.Code);
        var entry = (await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 2))[1];
        Assert.Equal(reply.Problem.GetProperty("request_id").GetString(), entry.EntryId);
        Assert.Equal(2, reply.Problem.GetProperty("call").GetProperty("credits_charged").GetInt32());
    }

    [Theory]
    [InlineData("no", "provider_rejected")]
    [InlineData("busy", "providers_failed")]
    public async Task RefusalOfTheChain_IsTheProblemAndCostsNothing(string say, string code)
    {
        var customer = await gateway.NewCustomerAsync();
        var problem = (await QueryAsync(customer.Key, new { say })).Problem;

        Assert.Equal((code, 0, false), (
            problem.GetProperty("code").GetString(), problem.GetProperty("credits_charged").GetInt32(),
            problem.GetProperty("ok").GetBoolean()));
        await gateway.AwaitNoHoldAsync(customer.Account);
        Assert.Single(await gateway.Stores.Books.EntriesAsync(customer.Account));
    }

    [Fact]
    public async Task PaymentRequired_SaysWhatIsMissing()
    {
        var poor = await gateway.NewCustomerAsync(1);
        var limited = await gateway.NewCustomerAsync(key: new { name = "k", mode = "live", spending_limit = 1 });

        var credits = (await QueryAsync(poor.Key, new { })).Problem;
        Assert.Equal(("insufficient_credits", 402, 2, 1), (
            credits.GetProperty("code").GetString(), credits.GetProperty("status").GetInt32(),
            credits.GetProperty("required_credits").GetInt32(), credits.GetProperty("remaining_credits").GetInt32()));
        var limit = (await QueryAsync(limited.Key, new { })).Problem;
        Assert.Equal(("key_limit_exceeded", 1), (limit.GetProperty("code").GetString(), limit.GetProperty("limit").GetInt32()));
        var unknown = (await gateway.CallAsync("query", new { surface = "serach", body = new { } }, poor.Key)).Problem;
        Assert.Equal(["ad", "search"], unknown.GetProperty("surfaces").EnumerateArray().Select(one => one.GetString()).Order());
    }

    [Fact]
    public async Task TestKey_IsAnsweredWithoutAnybodysCredits()
    {
        var customer = await gateway.NewCustomerAsync();
        var count = gateway.Provider.Count;

        Assert.Equal("sandbox", (await QueryAsync(customer.TestKey, new { })).Answer.GetProperty("provider").GetString());
        var asked = await gateway.CallAsync(
            "query", new { surface = "search", body = new { } }, customer.TestKey, ("X-Test-Scenario", "insufficient_credits"));
        Assert.Equal("insufficient_credits", asked.Code);
        Assert.Equal(count, gateway.Provider.Count);
        Assert.Single(await gateway.Stores.Books.EntriesAsync(customer.Account));
    }

    [Fact]
    public async Task Repeat_AtAnyGateway_GetsTheFirstAnswerAndIsNotCharged()
    {
        var customer = await gateway.NewCustomerAsync();
        foreach (var say in new[] { "json", "text" })
        {
            var arguments = new { surface = "search", body = new { say }, idempotency_key = "once-" + say };
            var first = (await gateway.CallAsync("query", arguments, customer.Key)).Answer;
            var second = await new McpCaller(gateway.Plain.Client).CallAsync("query", arguments, customer.Key);

            Assert.Equal(first.GetProperty("request_id").GetString(), second.Answer.GetProperty("request_id").GetString());
            Assert.Equal(first.GetProperty("result").GetRawText(), second.Answer.GetProperty("result").GetRawText());
            Assert.True(second.Result.GetProperty("_meta").GetProperty("idempotent_replayed").GetBoolean());
            var other = await gateway.CallAsync(
                "query", new { surface = "search", body = new { say, more = 1 }, idempotency_key = "once-" + say }, customer.Key);
            Assert.Equal("idempotency_mismatch", other.Code);
        }

        await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 3);
        Assert.Equal(996, (await gateway.CallAsync("get_balance", null, customer.Key)).Answer.GetProperty("credits_balance").GetInt64());
    }

    [Fact]
    public async Task HundredAtOnce_OfAKeyWithRoomForForty_AreFortyCharges()
    {
        var customer = await gateway.NewCustomerAsync(key: new { name = "k", mode = "live", spending_limit = 80 });
        var callers = new[] { new McpCaller(gateway.Writing.Client), new McpCaller(gateway.Plain.Client) };

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            callers[i % 2].CallAsync("query", new { surface = "search", body = new { i } }, customer.Key)));

        var charged = replies.Where(reply => !reply.IsError).Select(reply => reply.Answer.GetProperty("request_id").GetString()).ToList();
        Assert.All(replies.Where(reply => reply.IsError), reply => Assert.Equal("key_limit_exceeded", reply.Code));
        var entries = await gateway.Stores.Books.AwaitEntriesAsync(customer.Account, 1 + charged.Count);
        Assert.Equal(charged.Order(), entries.Skip(1).Select(entry => entry.EntryId).Order());
        await gateway.AwaitNoHoldAsync(customer.Account);

        // A hold that a refused call met may have gone back later: what was left is charged now, and nothing beyond it.
        while (charged.Count < 40 && await QueryAsync(customer.Key, new { }) is { IsError: false } more)
        {
            charged.Add(more.Answer.GetProperty("request_id").GetString());
        }

        Assert.Equal(40, charged.Count);
        Assert.Equal("key_limit_exceeded", (await QueryAsync(customer.Key, new { })).Code);
    }

    private Task<McpReply> QueryAsync(string key, object body) => gateway.CallAsync("query", new { surface = "search", body }, key);
}
