using System.Net;
using System.Net.Http.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Dialects;

[Collection(DialectTestGroup.Name)]
public sealed class DessertTests(DialectGateway gateway)
{
    private const string Balance = """
        {"credits_balance":205,"credits_balance_usd_equivalent":20.50,"credits_lifetime_purchased":500,"auto_recharge_enabled":true,"auto_recharge_threshold":20,
         "auto_recharge_amount_usd":25.0,"pricing":{"credit_usd":0.10,"static_ad_credits":5,"full_ad_credits":15,"search_credits":2}}
        """;

    private const string Usage = """
        {"recent_transactions":[
          {"type":"Deduction","credits_delta":-45,"balance_after":205,"usd_amount":null,"description":"API ad generation (count=3, format=full)","at":"2026-05-19T18:24:01.000Z"},
          {"type":"Purchase","credits_delta":250,"balance_after":250,"usd_amount":25.0,"description":"Auto-recharge","at":"2026-05-19T18:23:48.000Z"}]}
        """;

    [Fact]
    public async Task BalanceAndUsage_AsInTheDocument_AreItsExamplesLiterally()
    {
        // Two recharges of 25 dollars: the documented lifetime of 500 credits, then down to where the example stands.
        var customer = await gateway.NewCustomerAsync();
        await RechargeAsync(customer, 250);
        await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/credits/manual",
            new { account_id = customer.Account, amount = -250, type = "adjustment", description = "Spent" });
        await RechargeAsync(customer, 250);
        (await gateway.Client.QueryAsync(customer.Key, new { surface = "ad", count = 3, format = "full" })).Expect(HttpStatusCode.OK);

        var balance = await gateway.GetAsync("v1/balance", customer.Key);
        var usage = await gateway.ReadAsync("v1/usage", customer.Key);

        Shape.Matches(Balance, balance.Expect(HttpStatusCode.OK));
        Assert.Contains(
            "\"credits_balance\":205,\"credits_balance_usd_equivalent\":20.50,\"credits_lifetime_purchased\":500,"
                + "\"auto_recharge_enabled\":true,\"auto_recharge_threshold\":20,\"auto_recharge_amount_usd\":25.0,",
            balance.Text, StringComparison.Ordinal);
        Assert.Contains(
            "\"pricing\":{\"credit_usd\":0.10,\"static_ad_credits\":5,\"full_ad_credits\":15,", balance.Text, StringComparison.Ordinal);
        var newest = usage.GetProperty("recent_transactions").EnumerateArray().Take(2).ToList();
        Shape.Matches(Usage, usage);
        Assert.Equal(("Deduction", -45, 205, "API ad generation (count=3, format=full)"), (
            newest[0].GetProperty("type").GetString(), newest[0].GetProperty("credits_delta").GetInt32(),
            newest[0].GetProperty("balance_after").GetInt32(), newest[0].GetProperty("description").GetString()));
        Assert.Equal(("Purchase", 250, 250, 25.0m, "Auto-recharge"), (
            newest[1].GetProperty("type").GetString(), newest[1].GetProperty("credits_delta").GetInt32(),
            newest[1].GetProperty("balance_after").GetInt32(), newest[1].GetProperty("usd_amount").GetDecimal(),
            newest[1].GetProperty("description").GetString()));
    }

    [Fact]
    public async Task Usage_OfGiftsAndRefunds_HasTheDocumentedTypes()
    {
        var customer = await gateway.NewCustomerAsync();
        foreach (var (type, amount) in new[] { ("bonus", 50), ("support", 5), ("refund", 7), ("adjustment", 3), ("adjustment", -2) })
        {
            (await gateway.Client.AdminAsync(
                HttpMethod.Post, "admin/credits/manual",
                new { account_id = customer.Account, amount, type, description = "Welcome bonus" })).ExpectSuccess();
        }

        var types = (await gateway.ReadAsync("v1/usage", customer.Key)).GetProperty("recent_transactions").EnumerateArray()
            .Select(entry => entry.GetProperty("type").GetString());
        Assert.Equal(["Deduction", "Bonus", "Refund", "Bonus", "Bonus"], types);
    }

    [Fact]
    public async Task Usage_OfMoreThan50_ShowsTheLast50NewestFirst()
    {
        var customer = await gateway.NewCustomerAsync(1000);
        await Task.WhenAll(Enumerable.Range(0, 52).Select(_ => gateway.Client.QueryAsync(customer.Key, new { surface = "search" })));
        var balances = (await gateway.ReadAsync("v1/usage", customer.Key)).GetProperty("recent_transactions").EnumerateArray()
            .Select(entry => entry.GetProperty("balance_after").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => 896L + (2 * i)), balances);
    }

    [Theory]
    [InlineData("""{"auto_recharge_threshold":0}""")]
    [InlineData("""{"auto_recharge_amount_usd":0.5}""")]
    [InlineData("""{"auto_recharge_amount_usd":25.001}""")]
    [InlineData("""{"auto_recharge_enabled":"yes"}""")]
    [InlineData("""{"other":1}""")]
    [InlineData("""{"auto_recharge_enabled":true,"auto_recharge_threshold":251}""")]
    [InlineData("""{"auto_recharge_enabled":true,"auto_recharge_threshold":100000,"auto_recharge_amount_usd":1}""")]
    [InlineData("""{"auto_recharge_enabled":true,"auto_recharge_threshold":1000000000000,"auto_recharge_amount_usd":10000000}""")]
    [InlineData("""{"auto_recharge_amount_usd":10000.01}""")]
    [InlineData("""{"auto_recharge_amount_usd":1e400}""")]
    [InlineData("""{"auto_recharge_amount_usd":-25}""")]
    [InlineData("""{"auto_recharge_amount_usd":"25"}""")]
    [InlineData("""{"auto_recharge_monthly_cap_usd":24.99}""")]
    [InlineData("""{"auto_recharge_monthly_cap_usd":1000000.01}""")]
    public async Task AutoRecharge_SetWrongly_ChangesNothing(string body)
    {
        var customer = await gateway.NewCustomerAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await gateway.Client.SendAsync(HttpMethod.Put, "v1/auto-recharge", customer.Session, content);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.False((await gateway.ReadAsync("v1/balance", customer.Key)).GetProperty("auto_recharge_enabled").GetBoolean());
    }

    [Fact]
    public async Task AutoRecharge_Read_ShowsCapSpendStateAndLastAttempt()
    {
        var customer = await gateway.NewCustomerAsync(1000);
        var unset = (await gateway.ReadAsync("v1/auto-recharge", customer.Key)).GetRawText();
        Assert.Equal(
            """{"auto_recharge_enabled":false,"auto_recharge_threshold":20,"auto_recharge_amount_usd":25.0,"auto_recharge_monthly_cap_usd":100.0,"auto_recharge_spent_this_month_usd":0.0,"auto_recharge_state":"off","auto_recharge_next_attempt_at":null,"auto_recharge_last_attempt":null}""", unset);

        using var content = JsonContent.Create(new
        {
            auto_recharge_enabled = true,
            auto_recharge_threshold = 20,
            auto_recharge_amount_usd = 2,
            auto_recharge_monthly_cap_usd = 5,
        });
        var set = (await gateway.Client.SendAsync(HttpMethod.Put, "v1/auto-recharge", customer.Session, content)).Expect(HttpStatusCode.OK);
        Assert.Equal(set.GetRawText(), (await gateway.ReadAsync("v1/auto-recharge", customer.Session)).GetRawText());
        Assert.Equal(
            (5.0m, "armed"),
            (set.GetProperty("auto_recharge_monthly_cap_usd").GetDecimal(), set.GetProperty("auto_recharge_state").GetString()));
    }

    [Fact]
    public async Task AutoRecharge_SetWithAKey_IsForbidden()
    {
        var customer = await gateway.NewCustomerAsync();
        using var content = JsonContent.Create(new { auto_recharge_enabled = true });
        Assert.Equal(
            HttpStatusCode.Forbidden, (await gateway.Client.SendAsync(HttpMethod.Put, "v1/auto-recharge", customer.Key, content)).Status);
    }

    private async Task RechargeAsync(Customer customer, long balance)
    {
        using var content = JsonContent.Create(
            new { auto_recharge_enabled = true, auto_recharge_threshold = 20, auto_recharge_amount_usd = 25 });
        (await gateway.Client.SendAsync(HttpMethod.Put, "v1/auto-recharge", customer.Session, content)).Expect(HttpStatusCode.OK);
        long found = 0;
        await Eventually.TrueAsync(
            async () => (found = (await gateway.ReadAsync("v1/balance", customer.Key)).GetProperty("credits_balance").GetInt64())
                == balance,
            () => $"the balance is {found}");
    }
}
