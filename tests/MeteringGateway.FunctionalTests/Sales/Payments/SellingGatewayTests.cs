using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Subscriptions;
using MeteringGateway.Testing;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Sales.Payments;

/// <summary>Two real gateways on a real Redis and a real PostgreSQL: what is paid is in the ledger once.</summary>
public sealed class SellingGatewayTests
{
    private const string Config = """
        { "ReverseProxy": { "Clusters": { "a": { "Destinations": { "a": { "Address": "http://127.0.0.1:1" } } } } },
          "Surfaces": { "search": { "Price": { "Credits": 2 }, "Providers": ["a"] } },
          "Payments": { "Stripe": { "WebhookSecret": "whsec_e2e" }, "Sandbox": { "Enabled": true, "Mode": "pay" } } }
        """;

    [Fact]
    public async Task Webhook_TwentyTimesAtTwoGateways_IsOneEntryInTheBooks()
    {
        await using var stores = await Stores.StartAsync();
        await using var one = await GatewayProcess.StartAsync(stores, Config);
        await using var two = await GatewayProcess.StartAsync(stores, Config);
        await using var database = NpgsqlDataSource.Create(stores.PostgresConnection);
        var account = await one.Client.CreateAccountAsync(10);
        var order = await OpenOrderAsync(database, account);
        var body = Paid("evt_1", order.Reference, "pi_1");

        Assert.Equal("invalid_signature", (await SendAsync(one, body, "whsec_wrong")).Code);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(i % 2 == 0 ? one : two, body, "whsec_e2e")));

        Assert.All(
            answers,
            answer => Assert.Equal((HttpStatusCode.OK, """{"success":true,"data":{"received":true}}"""), (answer.Status, answer.Text)));
        var entries = await stores.Books.AwaitEntriesAsync(account, 2);
        Assert.Equal(
            [(10, "support"), (250, "purchase")],
            entries.Select(entry => ((int)entry.CreditsDelta, entry.EntryType == "purchase" ? "purchase" : "support")));
        Assert.Equal(order.Reference, entries[1].EntryId);
        Assert.Empty(await stores.Books.ProblemsAsync());
        Assert.True((await one.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "payments_disabled"), await CreemAsync(one));
    }

    [Fact]
    public async Task Refund_TwentyTimesAtTwoGateways_TakesWhatIsFreeAndOwesTheRest()
    {
        await using var stores = await Stores.StartAsync();
        await using var one = await GatewayProcess.StartAsync(stores, Config);
        await using var two = await GatewayProcess.StartAsync(stores, Config);
        await using var database = NpgsqlDataSource.Create(stores.PostgresConnection);
        var account = await one.Client.CreateAccountAsync(10);
        await SendAsync(one, Paid("evt_1", (await OpenOrderAsync(database, account)).Reference, "pi_1"), "whsec_e2e");
        var spent = new { account_id = account, amount = -200, type = "adjustment", description = "spent" };
        (await one.Client.AdminAsync(HttpMethod.Post, "admin/credits/manual", spent)).ExpectSuccess();

        const string Refund = """
            {"id":"evt_2","type":"refund.created","livemode":true,"data":{"object":{"id":"re_1","amount":2500,"currency":"usd",
             "status":"succeeded","payment_intent":"pi_1"} } }
            """;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(i % 2 == 0 ? one : two, Refund, "whsec_e2e")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await stores.Books.AwaitEntriesAsync(account, 4);
        var second = await OpenOrderAsync(database, account);
        await SendAsync(two, Paid("evt_3", second.Reference, "pi_2"), "whsec_e2e");

        var entries = await stores.Books.AwaitEntriesAsync(account, 6);
        Assert.Equal(
            [("refund:re_1", -60, 0), (second.Reference, 250, 250), ("debt:" + second.Id, -190, 60)],
            entries.Skip(3).Select(entry => (entry.EntryId, (int)entry.CreditsDelta, (int)entry.BalanceAfter)));
        Assert.Empty(await stores.Books.ProblemsAsync());
        Assert.True((await one.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task LowBalance_UnderTwoGateways_BuysOnce()
    {
        await using var stores = await Stores.StartAsync();
        await using var one = await GatewayProcess.StartAsync(stores, Config);
        await using var two = await GatewayProcess.StartAsync(stores, Config);
        await using var database = NpgsqlDataSource.Create(stores.PostgresConnection);
        var account = await one.Client.CreateAccountAsync(19);
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into auto_recharge (account_id, enabled, threshold, amount_cents, updated_at) values (@account, true, 20, 2500, now())",
            new { account });

        var entries = await stores.Books.AwaitEntriesAsync(account, 2);
        Assert.Equal((2500, "purchase", 2519), (entries[1].CreditsDelta, entries[1].EntryType, entries[1].BalanceAfter));

        // A second purchase needs a balance below the threshold once more.
        var taken = new { account_id = account, amount = -2500, type = "adjustment", description = "test" };
        (await one.Client.AdminAsync(HttpMethod.Post, "admin/credits/manual", taken)).ExpectSuccess();
        entries = await stores.Books.AwaitEntriesAsync(account, 4);
        Assert.Equal([2500, -2500, 2500], entries.Skip(1).Select(entry => entry.CreditsDelta));
        Assert.Equal(2, await connection.QuerySingleAsync<long>("select count(*) from orders where status in ('paid', 'fulfilled')"));
        Assert.True((await two.Client.VerifyLedgerAsync()).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task CatalogCalls_OfAnOperator_KeepPackages()
    {
        await using var stores = await Stores.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config);
        var package = new { slug = "starter-250", name = "Starter 250", credits = 250, price_cents = 2500 };

        var made = (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", package)).Expect(HttpStatusCode.Created);
        var path = $"admin/catalog/packages/{made.GetProperty("id").GetInt64()}";
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", package)).Status);
        Assert.False((await gateway.Client.AdminAsync(HttpMethod.Put, path, new { active = false })).ExpectSuccess()
            .GetProperty("active").GetBoolean());
        Assert.Equal("invalid_request", (await gateway.Client.AdminAsync(HttpMethod.Put, path, new { credits = 0 })).Code);
        Assert.Equal(
            "not_found", (await gateway.Client.AdminAsync(HttpMethod.Put, "admin/catalog/packages/4711", new { credits = 1 })).Code);
        Assert.Equal("USD", (await gateway.Client.AdminAsync(HttpMethod.Get, path)).ExpectSuccess().GetProperty("currency").GetString());
        Assert.Equal(1, (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/catalog/packages")).ExpectSuccess()
            .GetProperty("packages").GetArrayLength());
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Client.SendAsync(HttpMethod.Get, path, null, null)).Status);
    }

    [Fact]
    public async Task Catalog_WhatWasRead_CanBeWrittenBack()
    {
        await using var stores = await Stores.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(stores, Config);
        var cheap = new { slug = "dear", name = "Dear", description = "Two\nlines", credits = 250, price_cents = 2500 };
        var made = (await gateway.Client.AdminAsync(HttpMethod.Post, "admin/catalog/packages", cheap)).Expect(HttpStatusCode.Created);
        Assert.Equal(
            "gives 250 credits for 25.00 USD, where a top-up of the same money gives 2500",
            Assert.Single(made.GetProperty("warnings").EnumerateArray()).GetString());
        var path = $"admin/catalog/packages/{made.GetProperty("id").GetInt64()}";
        var read = (await gateway.Client.AdminAsync(HttpMethod.Get, path)).Text;
        Assert.Equal(read, (await PutAsync(gateway, path, read)).Text);

        var names = new[] { "C", "C++", "专业版", "企业版" };
        foreach (var name in names)
        {
            (await gateway.Client.AdminAsync(
                HttpMethod.Post, "admin/billing/plans", new { name, price_monthly = 100, credits_included = 100 }))
                .Expect(HttpStatusCode.Created);
        }

        var plans = (await gateway.Client.AdminAsync(HttpMethod.Get, "admin/billing/plans")).ExpectSuccess().GetProperty("data");
        Assert.Equal(names, plans.EnumerateArray().Select(plan => plan.GetProperty("name").GetString()));
        foreach (var plan in plans.EnumerateArray())
        {
            Assert.False(plan.TryGetProperty("warnings", out _));
            var answer = await PutAsync(gateway, "admin/billing/plans/" + plan.GetProperty("id").GetString(), plan.GetRawText());
            Assert.Equal(plan.GetRawText(), answer.Expect(HttpStatusCode.OK).GetProperty("data").GetRawText());
        }

        Assert.Equal("invalid_request", (await gateway.Client.AdminAsync(HttpMethod.Put, path, new { currency = "ZZZ" })).Code);
        Assert.Equal(read, (await gateway.Client.AdminAsync(HttpMethod.Get, path)).Text);
        await using var again = await GatewayProcess.StartAsync(stores, Config);
        var warning = Assert.Single(again.Log.Split('\n'), line => line.Contains("Fewer credits than a top-up", StringComparison.Ordinal));
        Assert.Contains("package dear. A credit is 0.01 USD", warning, StringComparison.Ordinal);
    }

    private static Task<GatewayAnswer> PutAsync(GatewayProcess gateway, string path, string json) =>
        gateway.Client.SendAsync(
            HttpMethod.Put, path, GatewayProcess.AdminToken, new StringContent(json, Encoding.UTF8, "application/json"));

    private static async Task<OrderRow> OpenOrderAsync(NpgsqlDataSource database, long account)
    {
        var order = new NewOrder
        {
            AccountId = account,
            Kind = OrderKind.Package,
            Credits = 250,
            PriceCents = 2500,
            Currency = "USD",
            Description = "Package",
            Channel = "stripe",
            Hosted = true,
        };
        return (await new OrderStore(database, new SubscriptionStart(), null!, TimeProvider.System).OpenAsync(order, default)).Order!;
    }

    private static string Paid(string id, string reference, string payment) => $$"""
        {"id":"{{id}}","type":"checkout.session.completed","livemode":true,"data":{"object":{"id":"cs_{{id}}","mode":"payment",
         "client_reference_id":"{{reference}}","payment_intent":"{{payment}}","payment_status":"paid","amount_total":2500,"currency":"usd"} } }
        """;

    private static Task<GatewayAnswer> SendAsync(GatewayProcess gateway, string body, string secret)
    {
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));
        return gateway.Client.SendAsync(
            HttpMethod.Post, "payment/webhook/stripe", null, new StringContent(body), ("Stripe-Signature", $"t={seconds},v1={mac}"));
    }

    private static async Task<(HttpStatusCode, string?)> CreemAsync(GatewayProcess gateway)
    {
        var answer = await gateway.Client.SendAsync(
            HttpMethod.Post, "payment/webhook/creem", null, new StringContent("{}"), ("creem-signature", new string('0', 64)));
        return (answer.Status, answer.Code);
    }
}
