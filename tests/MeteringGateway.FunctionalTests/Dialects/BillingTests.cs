using System.Net;
using System.Text.Json;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Dialects;

[Collection(DialectTestGroup.Name)]
public sealed class BillingTests(DialectGateway gateway)
{
    private const string Transactions =
        """{"success":true,"data":[{"id":"txn-id","type":"ai_usage","amount":-50,"description":"AI chat completion (gpt-4)","created_at":"2026-04-15T10:00:00Z"}]}""";
    private const string Plans = """
        {"success":true,"data":[{"id":"plan-id","name":"Pro","description":"For growing teams","price_monthly":999,"price_yearly":9990,"credits_included":10000,"features":["Unlimited AI chat","Priority support"]}]}
        """;

    [Fact]
    public async Task Balance_AsInTheDocument_IsItsExampleLiterally()
    {
        var customer = await gateway.NewCustomerAsync(1500);
        Assert.Equal("""{"success":true,"data":{"balance":1500}}""", (await gateway.GetAsync("credits/balance", customer.Session)).Text);
    }

    [Fact]
    public async Task Transactions_AsInTheDocument_HaveItsShapeAndPages()
    {
        var customer = await gateway.NewCustomerAsync(100);
        var call = await gateway.Client.QueryAsync(customer.Key, new { surface = "chat" });

        var answer = await gateway.ReadAsync("credits/transactions?limit=20&offset=0", customer.Session);

        Shape.Matches(Transactions, answer);
        var (newest, oldest) = (answer.GetProperty("data")[0], answer.GetProperty("data")[1]);
        Assert.Equal(
            (call.RequestId, "ai_usage", -5),
            (newest.GetProperty("id").GetString(), newest.GetProperty("type").GetString(), newest.GetProperty("amount").GetInt32()));
        Assert.StartsWith("AI chat completion", newest.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(("bonus", 100), (oldest.GetProperty("type").GetString(), oldest.GetProperty("amount").GetInt32()));
        Assert.Equal(oldest.GetRawText(), Assert.Single((await gateway.ReadAsync("credits/transactions?limit=1&offset=1", customer.Session))
            .GetProperty("data").EnumerateArray()).GetRawText());
    }

    [Fact]
    public async Task Plans_AsInTheDocument_AreItsExample()
    {
        var customer = await gateway.NewCustomerAsync();
        var answer = await gateway.ReadAsync("subscription/plans", customer.Session);
        var pro = answer.GetProperty("data").EnumerateArray().Single(plan => plan.GetProperty("id").GetString() == gateway.PlanId);
        Shape.Matches(Plans, JsonElement.Parse(
            $$"""{"success":{{answer.GetProperty("success")}},"data":[{{pro}}]}""".Replace("True", "true", StringComparison.Ordinal)));
        Assert.Equal(("Pro", 999, 9990, 10000), (
            pro.GetProperty("name").GetString(), pro.GetProperty("price_monthly").GetInt32(), pro.GetProperty("price_yearly").GetInt32(),
            pro.GetProperty("credits_included").GetInt32()));
    }

    [Fact]
    public async Task Orders_ListedAndOne_AreTheAccountsOwn()
    {
        var (customer, other) = (await gateway.NewCustomerAsync(), await gateway.NewCustomerAsync());
        var bought = (await gateway.PostAsync("api/me/purchases", customer.Session, new { package_slug = "starter-250" }))
            .Expect(HttpStatusCode.OK)
            .GetProperty("purchase_id").GetInt64();

        var listed = Assert.Single(
            (await gateway.ReadAsync("orders?limit=20&offset=0", customer.Session)).GetProperty("data").EnumerateArray());
        var one = await gateway.ReadAsync($"orders/{bought}", customer.Session);

        Assert.True(one.GetProperty("success").GetBoolean());
        Assert.Equal(listed.GetRawText(), one.GetProperty("data").GetRawText());
        Assert.Equal((bought.ToString(System.Globalization.CultureInfo.InvariantCulture), "fulfilled", 250, 2500), (
            listed.GetProperty("id").GetString(), listed.GetProperty("status").GetString(), listed.GetProperty("credits").GetInt32(),
            listed.GetProperty("amount").GetInt32()));
        AssertRefused(await gateway.GetAsync($"orders/{bought}", other.Session), 404, "not_found");
        AssertRefused(await gateway.GetAsync("orders/abc", customer.Session), 404, "not_found");
        Assert.Empty((await gateway.ReadAsync("orders", other.Session)).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task CheckIn_100AtOnce_RewardsOnceAndTellsTheOthers()
    {
        var customer = await gateway.NewCustomerAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => gateway.PostAsync("checkin", customer.Session, null)));

        var rewarded = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).Json;
        Assert.True(rewarded.GetProperty("success").GetBoolean());
        var credits = rewarded.GetProperty("data").GetProperty("credits").GetInt64();
        Assert.Equal((1, credits), (
            rewarded.GetProperty("data").GetProperty("streak").GetInt32(), rewarded.GetProperty("data").GetProperty("balance").GetInt64()));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => AssertRefused(answer, 409, "conflict"));
        Assert.Equal(
            credits, (await gateway.ReadAsync("credits/balance", customer.Session)).GetProperty("data").GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task Session_ForASubscription_RedirectsAndCreditsOncePaid()
    {
        var customer = await gateway.NewCustomerAsync();
        var session = (await gateway.PostAsync("payment/create-session", customer.Session, new
        {
            channel = "stripe",
            type = "subscription",
            plan_id = gateway.PlanId,
            success_url = "https://example.com/dashboard/subscription?success=true",
            cancel_url = "https://example.com/dashboard/subscription",
        })).Expect(HttpStatusCode.OK);

        Assert.True(session.GetProperty("success").GetBoolean());
        var redirect = new Uri(session.GetProperty("data").GetProperty("redirect_url").GetString()!);
        Assert.Equal(gateway.Address.Authority, redirect.Authority);
        Assert.Equal(0, await BalanceAsync(customer));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync(redirect.PathAndQuery, null)).Status);
        Assert.Equal(0, await BalanceAsync(customer));
        var pressed = await gateway.Client.SendAsync(
            HttpMethod.Post, redirect.PathAndQuery, null, new FormUrlEncodedContent([new("action", "pay")]));
        Assert.Equal(
            (HttpStatusCode.SeeOther, "https://example.com/dashboard/subscription?success=true"),
            (pressed.Status, pressed.Headers["Location"]));
        Assert.Equal(10_000, await BalanceAsync(customer));
        var current = await gateway.ReadAsync("subscription", customer.Session);
        Assert.Equal((gateway.PlanId, "active"), (
            current.GetProperty("data").GetProperty("plan_id").GetString(), current.GetProperty("data").GetProperty("status").GetString()));

        var portal = (await gateway.PostAsync(
            "subscription/portal", customer.Session,
            new { return_url = "https://example.com/dashboard/subscription" })).Expect(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync(
            new Uri(portal.GetProperty("data").GetProperty("redirect_url").GetString()!).PathAndQuery, null)).Status);
        (await gateway.PostAsync("subscription/cancel", customer.Session, null)).Expect(HttpStatusCode.OK);

        // Canceled twice is canceled; what is paid goes on.
        var canceled = (await gateway.PostAsync("subscription/cancel", customer.Session, null)).Expect(HttpStatusCode.OK)
            .GetProperty("data");
        Assert.Equal(
            ("active", true), (canceled.GetProperty("status").GetString(), canceled.GetProperty("cancel_at_period_end").GetBoolean()));
        Assert.Equal(canceled.GetProperty("current_period_end").GetString(), canceled.GetProperty("paid_until").GetString());
        AssertRefused(await gateway.PostAsync("subscription/cancel", (await gateway.NewCustomerAsync()).Session, null), 404, "not_found");
    }

    [Fact]
    public async Task Session_ForCreem_NeedsAPlanWithItsProduct()
    {
        var customer = await gateway.NewCustomerAsync();
        object Request(string plan) => new
        {
            channel = "creem",
            type = "subscription",
            plan_id = plan,
            success_url = "https://example.com/s",
            cancel_url = "https://example.com/c",
        };
        AssertRefused(await gateway.PostAsync("payment/create-session", customer.Session, Request(gateway.PlanId)), 409, "conflict");
        var plan = (await gateway.Client.AdminAsync(
            HttpMethod.Post, "admin/billing/plans",
            new { name = "Creem", price_monthly = 500, credits_included = 10, creem_product_id = "prod_1" }))
            .Expect(HttpStatusCode.Created).GetProperty("data").GetProperty("id").GetString()!;
        (await gateway.PostAsync("payment/create-session", customer.Session, Request(plan))).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(
        "payment/create-session",
        """{"channel":"paypal","type":"subscription","plan_id":"x","success_url":"https://e.com","cancel_url":"https://e.com"}""", 400)]
    [InlineData(
        "payment/create-session",
        """{"channel":"stripe","type":"subscription","success_url":"https://e.com","cancel_url":"https://e.com"}""", 400)]
    [InlineData(
        "payment/create-session",
        """{"channel":"stripe","type":"subscription","plan_id":"x","success_url":"javascript:alert(1)","cancel_url":"https://e.com"}""",
        400)]
    [InlineData(
        "payment/create-session",
        """{"channel":"stripe","type":"subscription","plan_id":"no-such","success_url":"https://e.com","cancel_url":"https://e.com"}""",
        404)]
    [InlineData("payment/create-session", "", 415)]
    [InlineData("subscription/portal", """{}""", 400)]
    [InlineData("subscription/portal", """{"return_url":"/here"}""", 400)]
    [InlineData("coupons/redeem", """{}""", 400)]
    [InlineData("coupons/redeem", """{"code":"NO-SUCH"}""", 404)]
    [InlineData("coupons/redeem", """{"code":""", 400)]
    public async Task Post_WithAWrongBody_IsRefusedInTheDocumentedShape(string path, string body, int status)
    {
        var customer = await gateway.NewCustomerAsync();
        using var content = body.Length == 0 ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        AssertRefused(await gateway.Client.SendAsync(HttpMethod.Post, path, customer.Session, content), status, null);
    }

    [Fact]
    public async Task Webhook_WithoutSecret_IsRefusedInTheDocumentedShape()
    {
        AssertRefused(await gateway.PostAsync("payment/webhook/stripe", null, new { }), 503, "payments_disabled");
        AssertRefused(await gateway.PostAsync("payment/webhook/creem", null, new { }), 503, "payments_disabled");
    }

    [Theory]
    [InlineData("POST", "payment/webhook/paypal")]
    [InlineData("GET", "payment/webhook/paypal")]
    [InlineData("POST", "payment/webhook/sandbox")]
    [InlineData("POST", "payment/webhook")]
    public async Task Webhook_OfAnUnknownProvider_IsAPathThatNobodyKnows(string method, string path)
    {
        var (answer, unknown) = (await SendAsync(path), await SendAsync("no/such/path"));
        Assert.Equal((HttpStatusCode.NotFound, unknown.Status, unknown.Code), (answer.Status, answer.Status, answer.Code));
        Assert.Equal(unknown.Json.EnumerateObject().Select(field => field.Name), answer.Json.EnumerateObject().Select(field => field.Name));

        Task<GatewayAnswer> SendAsync(string to) => gateway.Client.SendAsync(new HttpMethod(method), to, null, null);
    }

    [Fact]
    public async Task TestKey_OnWhatMovesCredits_IsForbidden()
    {
        var customer = await gateway.NewCustomerAsync();
        AssertRefused(await gateway.PostAsync("checkin", customer.TestKey, null), 403, "forbidden");
        AssertRefused(await gateway.PostAsync("coupons/redeem", customer.TestKey, new { code = "ANY-CODE" }), 403, "forbidden");
        Assert.Equal(
            10_000, (await gateway.ReadAsync("credits/balance", customer.TestKey)).GetProperty("data").GetProperty("balance").GetInt64());
    }

    private async Task<long> BalanceAsync(Customer customer) =>
        (await gateway.ReadAsync("credits/balance", customer.Session)).GetProperty("data").GetProperty("balance").GetInt64();

    internal static void AssertRefused(GatewayAnswer answer, int status, string? code)
    {
        Assert.Equal(status, (int)answer.Status);
        Assert.False(answer.Json.GetProperty("success").GetBoolean());
        Assert.Equal(answer.Code, answer.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.String, answer.Json.GetProperty("error").GetProperty("message").ValueKind);
        if (code is not null)
        {
            Assert.Equal(code, answer.Code);
        }
    }
}
