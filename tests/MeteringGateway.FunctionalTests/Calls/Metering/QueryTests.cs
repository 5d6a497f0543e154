using System.Net;
using System.Text;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Calls.Metering;

public sealed class QueryTests(MeteringFixture fixture) : IClassFixture<MeteringFixture>
{
    [Fact]
    public async Task Query_JsonAnswer_ComesInTheEnvelopeByteForByte()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{ \"b\" : 1.0,\n \"a\":\"\\u00e9é\", \"b\":2e0 }");
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"search","q":"x"}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("\"result\":{ \"b\" : 1.0,\n \"a\":\"\\u00e9é\", \"b\":2e0 },", answer.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["ok", "request_id", "surface", "provider", "result", "credits_charged", "remaining_credits", "provider_attempts"],
            answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal((2, 98, "search", "alpha"), (
            answer.CreditsCharged, answer.RemainingCredits, answer.Json.GetProperty("surface").GetString(),
            answer.Json.GetProperty("provider").GetString()));
        Assert.Equal(["alpha:success"], answer.Attempts);
        Assert.Equal(
            ("2", "98", "alpha"),
            (answer.Headers["X-Credits-Charged"], answer.Headers["X-Credits-Remaining"], answer.Headers["X-Provider"]));
        Assert.Equal(answer.Json.GetProperty("request_id").GetString(), answer.RequestId);

        var entry = (await fixture.Stores.Books.AwaitEntriesAsync(account, 2))[1];
        Assert.Equal(
            (answer.RequestId, 2, -2, 98, "usage", "search", "alpha"),
            (entry.EntryId, entry.Seq, entry.CreditsDelta, entry.BalanceAfter, entry.EntryType, entry.Surface, entry.Provider));
    }

    [Theory]
    [InlineData("""{"surface":"ads","format":"full","count":3}""", 45)]
    [InlineData("""{"surface":"ads","format":"static"}""", 5)]
    [InlineData("""{"surface":"search"}""", 2)]
    public async Task Query_PricedByTheRequest_ChargesIt(string body, long credits)
    {
        var (_, key) = await fixture.NewKeyAsync();
        Assert.Equal(credits, (await fixture.Client.QueryAsync(key, body)).CreditsCharged);
    }

    [Theory]
    [InlineData("""{"usage":{"total_tokens":1523}}""", 5)]
    [InlineData("""{"usage":{"total_tokens":1}}""", 1)]
    [InlineData("""{"usage":{"total_tokens":1000000}}""", 50)]
    [InlineData("""{"usage":{}}""", 50)]
    public async Task Query_PricedByUsage_HoldsTheMostAndChargesTheUse(string provided, long credits)
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json(provided);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""");
        Assert.Equal((credits, 100 - credits), (answer.CreditsCharged, answer.RemainingCredits));
        var (_, poor) = await fixture.NewKeyAsync(credits: 49);
        Assert.Equal("insufficient_credits", (await fixture.Client.QueryAsync(poor, """{"surface":"chat"}""")).Code);
        Assert.Equal(-credits, (await fixture.Stores.Books.AwaitEntriesAsync(account, 2))[1].CreditsDelta);
    }

    [Fact]
    public async Task Query_ThatFellBack_LeavesItsAttemptsAndItsHoldWithItsEntry()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("{}", 503);
        fixture.Beta.Script = _ => FakeReply.Json("""{"usage":{"total_tokens":1523}}""");
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"chat"}""");
        Assert.Equal(5, answer.CreditsCharged);

        var entry = (await fixture.Stores.Books.AwaitEntriesAsync(account, 2))[1];
        Assert.Equal((-5, 50), (entry.CreditsDelta, entry.CreditsHeld));
        Assert.Matches("^alpha=503;[0-9]+, beta=200;[0-9]+$", entry.Attempts);
    }

    [Fact]
    public async Task Query_OtherContentType_PassesThroughWithTheFactsInHeaders()
    {
        var (_, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Text("<p>hello</p>", "text/html; charset=utf-8");
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"search"}""");
        Assert.Equal(("<p>hello</p>", "text/html; charset=utf-8", "2", "98", "alpha"), (
            answer.Text, answer.Headers["Content-Type"], answer.Headers["X-Credits-Charged"], answer.Headers["X-Credits-Remaining"],
            answer.Headers["X-Provider"]));
    }

    [Fact]
    public async Task Query_RefusedByTheProvider_IsPassedOnFreeOfCharge()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Json("""{"why":"no"}""", 422);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"search"}""");
        Assert.Equal((422, "provider_rejected", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.Equal("no", answer.Json.GetProperty("result").GetProperty("why").GetString());
        await AssertUntouchedAsync(account, 100);
    }

    [Fact]
    public async Task Query_KeyWithLimits_SaysWhatIsLeft()
    {
        var (_, key) = await fixture.NewKeyAsync(fields: new
        {
            name = "limited",
            mode = "live",
            limits = new object[] { new { type = "FIXED", limit = 9 }, new { type = "RECURRING", period = "DAILY", limit = 300 } },
        });
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal("\"fixed\";q=9;qu=\"credits\", \"daily\";q=300;qu=\"credits\";w=86400", answer.Headers["RateLimit-Policy"]);
        Assert.Matches("^\"fixed\";r=2, \"daily\";r=293;t=[0-9]+$", answer.Headers["RateLimit"]);

        var refused = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((402, "key_limit_exceeded", 9, 7), (
            (int)refused.Status, refused.Code, refused.Json.GetProperty("limit").GetInt32(), refused.Json.GetProperty("spent").GetInt32()));
        Assert.Equal(JsonValueKind.Null, refused.Json.GetProperty("resets_at").ValueKind);
        Assert.Contains("r=2", refused.Headers["RateLimit"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_BalanceTooSmall_IsRefusedAndShowsBoth()
    {
        var (account, key) = await fixture.NewKeyAsync(credits: 6);
        var answer = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal(
            (402, "insufficient_credits", 7, 6),
            ((int)answer.Status, answer.Code, answer.Json.GetProperty("required_credits").GetInt32(), answer.RemainingCredits));
        await AssertUntouchedAsync(account, 6);
    }

    [Fact]
    public async Task Query_WhileACallHoldsTheBalance_SaysSoAndWhenToComeBack()
    {
        var (_, key) = await fixture.NewKeyAsync(credits: 7);
        var answerNow = new TaskCompletionSource();
        fixture.Alpha.Script = _ => FakeReply.Json("{}") with { Until = answerNow.Task };
        var before = fixture.Alpha.Count;
        var first = fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        await fixture.Alpha.AwaitCountAsync(before + 1);
        var second = await fixture.Client.QueryAsync(key, """{"surface":"seven"}""");
        Assert.Equal((402, "credits_reserved"), ((int)second.Status, second.Code));
        Assert.True(int.Parse(second.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) >= 1);
        answerNow.SetResult();
        Assert.Equal(0, (await first).RemainingCredits);
    }

    [Fact]
    public async Task Query_ClientLeavesBeforeTheAnswer_IsFree()
    {
        var (account, key) = await fixture.NewKeyAsync();
        fixture.Alpha.Script = _ => FakeReply.Hang();
        var before = fixture.Alpha.Count;
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/query")
        {
            Content = new StringContent("""{"surface":"search"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        var call = fixture.Client.Http.SendAsync(request, leave.Token);
        await fixture.Alpha.AwaitCountAsync(before + 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await AssertUntouchedAsync(account, 100);
    }

    private async Task AssertUntouchedAsync(long account, long balance)
    {
        await Eventually.TrueAsync(async () => (await StateAsync()).GetProperty("held_credits").GetInt64() == 0, () => "the hold stays");
        Assert.Equal(balance, (await StateAsync()).GetProperty("credit_balance").GetInt64());
        Assert.Single(await fixture.Stores.Books.EntriesAsync(account));

        async Task<JsonElement> StateAsync() =>
            (await fixture.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{account}")).ExpectSuccess();
    }
}
