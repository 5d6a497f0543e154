using System.Net;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Dialects;

[Collection(DialectTestGroup.Name)]
public sealed class BillingAdminTests(DialectGateway gateway)
{
    [Fact]
    public async Task Plans_MadeListedAndChanged_ShowToCustomers()
    {
        var made = (await AdminAsync(
            HttpMethod.Post, "admin/billing/plans",
            new { name = "Basic", price_monthly = 100, credits_included = 50 })).Expect(HttpStatusCode.Created);
        var id = made.GetProperty("data").GetProperty("id").GetString()!;
        Assert.True(made.GetProperty("success").GetBoolean());
        Assert.Contains(id, (await AdminAsync(HttpMethod.Get, "admin/billing/plans")).Expect(HttpStatusCode.OK)
            .GetProperty("data").EnumerateArray()
            .Select(plan => plan.GetProperty("id").GetString()));
        var changed = (await AdminAsync(HttpMethod.Put, $"admin/billing/plans/{id}", new { price_monthly = 200, active = false }))
            .Expect(HttpStatusCode.OK);
        Assert.Equal((200, false), (
            changed.GetProperty("data").GetProperty("price_monthly").GetInt32(),
            changed.GetProperty("data").GetProperty("active").GetBoolean()));
        var customer = await gateway.NewCustomerAsync();
        Assert.DoesNotContain(id, (await gateway.ReadAsync("subscription/plans", customer.Key)).GetProperty("data").EnumerateArray()
            .Select(plan => plan.GetProperty("id").GetString()));
        BillingTests.AssertRefused(
            await AdminAsync(HttpMethod.Put, "admin/billing/plans/no-such", new { price_monthly = 200 }), 404, "not_found");
        BillingTests.AssertRefused(
            await AdminAsync(HttpMethod.Put, $"admin/billing/plans/{id}", new { price_monthly = -1 }), 400, "invalid_request");
        BillingTests.AssertRefused(await AdminAsync(HttpMethod.Post, "admin/billing/plans", new { }), 400, "invalid_request");
    }

    [Fact]
    public async Task Coupon_Of10UsesAnd100Accounts_IsRedeemed10Times()
    {
        var code = "C-" + Guid.NewGuid().ToString("N")[..12];
        var made = (await AdminAsync(HttpMethod.Post, "admin/billing/coupons", new { code, credits = 25, max_uses = 10 }))
            .Expect(HttpStatusCode.Created);
        Assert.Equal((code, 25, 10), (
            made.GetProperty("data").GetProperty("code").GetString(), made.GetProperty("data").GetProperty("credits").GetInt32(),
            made.GetProperty("data").GetProperty("max_uses").GetInt32()));
        var accounts = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            var account = await gateway.Client.CreateAccountAsync();
            return await gateway.Client.CreateKeyAsync(account);
        }));

        var answers = await Task.WhenAll(accounts.Select(key => gateway.PostAsync("coupons/redeem", key, new { code })));

        var redeemed = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        Assert.Equal(10, redeemed.Count);
        Assert.All(redeemed, answer => Assert.Equal((true, code, 25, 25), (
            answer.Json.GetProperty("success").GetBoolean(), answer.Json.GetProperty("data").GetProperty("code").GetString(),
            answer.Json.GetProperty("data").GetProperty("credits").GetInt32(),
            answer.Json.GetProperty("data").GetProperty("balance").GetInt32())));
        Assert.All(answers.Except(redeemed), answer => BillingTests.AssertRefused(answer, 409, "conflict"));
        var listed = (await AdminAsync(HttpMethod.Get, "admin/billing/coupons")).Expect(HttpStatusCode.OK)
            .GetProperty("data").EnumerateArray()
            .Single(coupon => coupon.GetProperty("code").GetString() == code);
        Assert.Equal(10, listed.GetProperty("uses").GetInt32());
        BillingTests.AssertRefused(
            await AdminAsync(HttpMethod.Post, "admin/billing/coupons", new { code, credits = 1, max_uses = 1 }), 409, "conflict");
        BillingTests.AssertRefused(
            await AdminAsync(HttpMethod.Post, "admin/billing/coupons", new { code = "x", credits = 0 }), 400, "invalid_request");
    }

    [Fact]
    public async Task Transactions_OfAnAccount_HaveTheMembersOfBothDocuments()
    {
        var customer = await gateway.NewCustomerAsync(10);
        await gateway.Client.QueryAsync(customer.Key, new { surface = "search" });

        var answer = (await AdminAsync(HttpMethod.Get, $"admin/credits/transactions?account_id={customer.Account}&limit=5"))
            .Expect(HttpStatusCode.OK);

        Assert.Equal(
            ["success", "data", "transactions", "total", "limit", "offset"], answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            (true, 2, 5),
            (answer.GetProperty("success").GetBoolean(), answer.GetProperty("total").GetInt32(), answer.GetProperty("limit").GetInt32()));
        Assert.Equal([("ai_usage", -2), ("bonus", 10)], answer.GetProperty("data").EnumerateArray()
            .Select(one => (one.GetProperty("type").GetString()!, one.GetProperty("amount").GetInt32())));
        Assert.Equal(
            ["usage", "bonus"], answer.GetProperty("transactions").EnumerateArray().Select(one => one.GetProperty("type").GetString()));
        BillingTests.AssertRefused(await AdminAsync(HttpMethod.Get, "admin/credits/transactions?limit=0"), 400, "invalid_request");
    }

    [Fact]
    public async Task ManualCredit_OfAnAccount_HasTheMembersOfBothDocuments()
    {
        var account = await gateway.Client.CreateAccountAsync();
        var body =
            new { account_id = account, amount = 30, type = "support", description = "Sorry", reference = Guid.NewGuid().ToString() };

        var made = (await AdminAsync(HttpMethod.Post, "admin/credits/manual", body)).Expect(HttpStatusCode.Created);
        var again = await AdminAsync(HttpMethod.Post, "admin/credits/manual", body);

        Assert.Equal((true, 30, "support", 30), (
            made.GetProperty("success").GetBoolean(), made.GetProperty("data").GetProperty("amount").GetInt32(),
            made.GetProperty("data").GetProperty("type").GetString(), made.GetProperty("data").GetProperty("balance_after").GetInt32()));
        Assert.Equal((account, 30), (made.GetProperty("account_id").GetInt64(), made.GetProperty("credit_balance").GetInt32()));
        Assert.Equal((HttpStatusCode.OK, "true"), (again.Status, again.Headers["Idempotent-Replayed"]));
        BillingTests.AssertRefused(
            await AdminAsync(HttpMethod.Post, "admin/credits/manual", new { account_id = account }), 400, "invalid_request");
    }

    [Fact]
    public async Task CheckInConfig_Changed_HoldsFromTheNextCheckIn()
    {
        var before = (await AdminAsync(HttpMethod.Get, "admin/checkin/config")).Expect(HttpStatusCode.OK).GetProperty("data");
        try
        {
            var changed = (await AdminAsync(HttpMethod.Put, "admin/checkin/config", new { amount = 33, enabled = true }))
                .Expect(HttpStatusCode.OK);
            Assert.Equal(
                (true, 33), (changed.GetProperty("success").GetBoolean(), changed.GetProperty("data").GetProperty("amount").GetInt32()));
            var customer = await gateway.NewCustomerAsync();
            Assert.Equal(33, (await gateway.PostAsync("checkin", customer.Key, null)).Expect(HttpStatusCode.OK).GetProperty("data")
                .GetProperty("credits").GetInt32());
            await AdminAsync(HttpMethod.Put, "admin/checkin/config", new { enabled = false });
            BillingTests.AssertRefused(await gateway.PostAsync("checkin", (await gateway.NewCustomerAsync()).Key, null), 403, "forbidden");
            BillingTests.AssertRefused(
                await AdminAsync(HttpMethod.Put, "admin/checkin/config", new { amount = 0 }), 400, "invalid_request");
        }
        finally
        {
            await AdminAsync(
                HttpMethod.Put, "admin/checkin/config", JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(before.GetRawText()));
        }
    }

    [Theory]
    [InlineData("GET", "admin/billing/plans")]
    [InlineData("GET", "admin/billing/coupons")]
    [InlineData("GET", "admin/credits/transactions")]
    [InlineData("GET", "admin/checkin/config")]
    [InlineData("POST", "admin/billing/plans")]
    [InlineData("PUT", "admin/checkin/config")]
    public async Task Call_WithoutAnOperator_IsRefusedInTheDocumentedShape(string method, string path)
    {
        var customer = await gateway.NewCustomerAsync();
        BillingTests.AssertRefused(await gateway.Client.SendAsync(new HttpMethod(method), path, null, null), 401, "invalid_key");
        BillingTests.AssertRefused(await gateway.Client.SendAsync(new HttpMethod(method), path, customer.Key, null), 403, "forbidden");
    }

    private Task<GatewayAnswer> AdminAsync(HttpMethod method, string path, object? body = null) =>
        gateway.Client.AdminAsync(method, path, body);
}
