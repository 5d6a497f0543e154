using System.Net;

namespace MeteringGateway.FunctionalTests.Dialects;

[Collection(DialectTestGroup.Name)]
public sealed class WrenTests(DialectGateway gateway)
{
    private const string TopUp = """{"amountCharged":10000,"id":"ch_1","creditBalance":10000}""";

    [Theory]
    [InlineData("application/json", """{"amountInUsdCents":10000}""")]
    [InlineData("application/x-www-form-urlencoded", "amountInUsdCents=10000")]
    public async Task TopUp_AsJsonAndAsForm_ChargesAndCredits(string type, string body)
    {
        var customer = await gateway.NewCustomerAsync();

        var answer = (await TopUpAsync(customer.Key, type, body)).Expect(HttpStatusCode.OK);

        Shape.Matches(TopUp, answer);
        Assert.Equal((10000, 10000), (answer.GetProperty("amountCharged").GetInt32(), answer.GetProperty("creditBalance").GetInt32()));
        Assert.Equal("""{"creditBalanceUsdCents":10000}""", (await gateway.GetAsync("api/credits/balance", customer.Key)).Text);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", "{")]
    [InlineData("application/json", """{"amountInUsdCents":99}""")]
    [InlineData("application/json", """{"amountInUsdCents":0}""")]
    [InlineData("application/json", """{"amountInUsdCents":-100}""")]
    [InlineData("application/json", """{"amountInUsdCents":100.5}""")]
    [InlineData("application/json", """{"amountInUsdCents":"100"}""")]
    [InlineData("application/json", """{"amountInUsdCents":9223372036854775807}""")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "amountInUsdCents=")]
    [InlineData("application/x-www-form-urlencoded", "amountInUsdCents=99")]
    [InlineData("application/x-www-form-urlencoded", "amountInUsdCents=1e5")]
    [InlineData("application/x-www-form-urlencoded", "amountInUsdCents=100&amountInUsdCents=200")]
    public async Task TopUp_WithoutAGoodAmount_Is400(string type, string body)
    {
        var customer = await gateway.NewCustomerAsync();
        foreach (var key in new[] { customer.Key, customer.TestKey })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await TopUpAsync(key, type, body)).Status);
        }

        Assert.Equal("""{"creditBalanceUsdCents":0}""", (await gateway.GetAsync("api/credits/balance", customer.Key)).Text);
    }

    [Fact]
    public async Task TopUp_AtTheMinimumAndDeclined_IsTakenAnd400()
    {
        var customer = await gateway.NewCustomerAsync();
        Assert.Equal(100, (await TopUpAsync(customer.Key, "application/json", """{"amountInUsdCents":100}""")).Expect(HttpStatusCode.OK)
            .GetProperty("creditBalance").GetInt32());
        var declined = await TopUpAsync(customer.Key, "application/json", """{"amountInUsdCents":100}""", ("X-Sandbox-Payment", "decline"));
        Assert.Equal((HttpStatusCode.BadRequest, "payment_declined"), (declined.Status, declined.Code));
        var pending = (await TopUpAsync(customer.Key, "application/json", """{"amountInUsdCents":100}""", ("X-Sandbox-Payment", "pending")))
            .Expect(HttpStatusCode.Accepted);
        Assert.Equal((0, 100), (pending.GetProperty("amountCharged").GetInt32(), pending.GetProperty("creditBalance").GetInt32()));
    }

    [Fact]
    public async Task Ledger_AfterTopUpUsageAndRefund_HasTheDocumentedFields()
    {
        var customer = await gateway.NewCustomerAsync();
        (await TopUpAsync(customer.Key, "application/json", """{"amountInUsdCents":10000}""")).Expect(HttpStatusCode.OK);
        var call = await gateway.Client.QueryAsync(customer.Key, new { surface = "search" });
        await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/credits/manual",
            new { account_id = customer.Account, amount = 2, type = "refund", description = "Sorry" });

        var ledger = await gateway.ReadAsync("api/credits/ledger", customer.Key);

        Assert.Equal(["entries", "total", "limit", "offset"], ledger.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            (3, 50, 0),
            (ledger.GetProperty("total").GetInt32(), ledger.GetProperty("limit").GetInt32(), ledger.GetProperty("offset").GetInt32()));
        var entries = ledger.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            [("refund", 20), ("deduction", -20), ("top_up", 10000)],
            entries.Select(entry => (entry.GetProperty("type").GetString()!, entry.GetProperty("amount_usd_cents").GetInt32())));
        Assert.Equal([null, call.RequestId, null], entries.Select(entry => entry.GetProperty("order_group_id").GetString()));
        Assert.Equal([false, false, true], entries.Select(entry => entry.GetProperty("stripe_charge_id").GetString() is not null));
        var page = await gateway.ReadAsync("api/credits/ledger?limit=200&offset=2", customer.Key);
        Assert.Equal((1, 3, 200, 2), (
            page.GetProperty("entries").GetArrayLength(), page.GetProperty("total").GetInt32(), page.GetProperty("limit").GetInt32(),
            page.GetProperty("offset").GetInt32()));
    }

    [Fact]
    public async Task TestToken_OnEveryCall_AnswersCanned()
    {
        var customer = await gateway.NewCustomerAsync(5);
        Assert.Equal("""{"creditBalanceUsdCents":100000}""", (await gateway.GetAsync("api/credits/balance", customer.TestKey)).Text);
        Shape.Matches(
            TopUp, (await TopUpAsync(customer.TestKey, "application/json", """{"amountInUsdCents":5000}""")).Expect(HttpStatusCode.OK));
        var ledger = await gateway.ReadAsync("api/credits/ledger?limit=2", customer.TestKey);
        Assert.Equal((2, 3), (ledger.GetProperty("entries").GetArrayLength(), ledger.GetProperty("total").GetInt32()));
        Assert.Equal(100_000, (await gateway.ReadAsync("api/credits/ledger", customer.TestKey)).GetProperty("entries").EnumerateArray()
            .Sum(entry => entry.GetProperty("amount_usd_cents").GetInt64()));
        Assert.Equal("""{"creditBalanceUsdCents":100000}""", (await gateway.GetAsync("api/credits/balance", customer.TestKey)).Text);
        Assert.Equal("""{"creditBalanceUsdCents":50}""", (await gateway.GetAsync("api/credits/balance", customer.Key)).Text);
    }

    [Fact]
    public async Task TeamToken_OnBalanceAndTopUp_IsAboutTheTeamsWallet()
    {
        var owner = await gateway.NewCustomerAsync();
        var team = (await gateway.PostAsync("api/me/teams", owner.Session, new { full_name = "The team" })).Expect(HttpStatusCode.Created)
            .GetProperty("id").GetInt64();
        var teamKey = await gateway.Client.CreateKeyAsync(team);
        (await TopUpAsync(teamKey, "application/json", """{"amountInUsdCents":700}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("""{"creditBalanceUsdCents":700}""", (await gateway.GetAsync("api/credits/balance", teamKey)).Text);
        Assert.Equal("""{"creditBalanceUsdCents":0}""", (await gateway.GetAsync("api/credits/balance", owner.Key)).Text);
        var session = (await gateway.PostAsync($"api/me/teams/{team}/session", owner.Session, null)).Expect(HttpStatusCode.Created)
            .GetProperty("session").GetString()!;
        Assert.Equal("""{"creditBalanceUsdCents":700}""", (await gateway.GetAsync("api/credits/balance", session)).Text);
    }

    private async Task<Testing.GatewayAnswer> TopUpAsync(string key, string type, string body, params (string, string)[] headers)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);
        return await gateway.Client.SendAsync(HttpMethod.Post, "api/credits/top-up", key, content, headers);
    }
}
