using System.Net;
using System.Text.Json;
using MeteringGateway.Testing.Creem;

namespace MeteringGateway.FunctionalTests.Sales.Payments.Creem;

/// <summary>
/// The double of Creem is held to account by Creem's own client, whose schemas refuse what Creem would not answer, and whose helpers
/// check its signatures.
/// </summary>
public sealed class CreemDoubleTests : IClassFixture<CreemClient>
{
    private const string Checkouts = "POST /v1/checkouts";

    [Fact]
    public async Task EveryOperation_IsAnsweredInCreemsShape()
    {
        await using var creem = await CreemDouble.StartAsync();
        var product = new
        {
            name = "Credits",
            description = "Credits",
            price = 100,
            currency = "USD",
            billingType = "onetime",
            taxCategory = "saas",
        };
        var made = (await CreemClient.CallAsync(creem, ["products.create", product, "key-1"], ["products.create", product, "key-1"]))
            .Select(answer => answer.GetProperty("id").GetString()!).ToList();
        Assert.Equal(made[0], made[1]);
        var plan = creem.Shop.AddProduct("Pro", 999, period: "every-month");

        var answers = await CreemClient.CallAsync(
            creem,
            ["products.get", made[0]],
            ["checkouts.create", new
            {
                productId = made[0], customPrice = 2500, requestId = "r-1", successUrl = "https://shop.example/ok",
                metadata = new { order = "order:1" }, customer = new { email = "a@example.com" },
            }],
            ["checkouts.create", new
            {
                productId = plan.Id, metadata = new { order = "order:2" }, customer = new { email = "a@example.com" },
            }]);
        Assert.Equal((2500, "pending"), (answers[1].GetProperty("customPrice").GetInt32(), Text(answers[1], "status")));
        var (once, monthly) = (Text(answers[1], "id"), Text(answers[2], "id"));
        creem.Shop.Pay(once);
        creem.Shop.Pay(monthly);
        var subscription = Assert.Single(creem.Shop.Subscriptions);
        creem.Shop.BillNext(subscription.Id);

        answers = await CreemClient.CallAsync(
            creem,
            ["checkouts.retrieve", once],
            ["checkouts.retrieve", monthly],
            ["customers.generateBillingLinks", new { customerId = subscription.Customer.Id }],
            ["subscriptions.get", subscription.Id],
            ["subscriptions.search", 1, 10],
            ["subscriptions.pause", subscription.Id],
            ["subscriptions.resume", subscription.Id],
            ["subscriptions.cancel", subscription.Id, new { mode = "scheduled" }],
            ["subscriptions.resume", subscription.Id],
            ["transactions.search", null!, null!, null!, 1, 2],
            ["transactions.search", subscription.Customer.Id, creem.Shop.Payments[0].Order!.Id, null!, 1, 10],
            ["transactions.getById", creem.Shop.Payments[0].Id],
            ["transactions.refund", new { transactionId = creem.Shop.Payments[0].Id }],
            ["subscriptions.cancel", subscription.Id, new { mode = "immediate" }]);

        Assert.Equal(("completed", "onetime"), (Text(answers[0], "status"), Text(answers[0].GetProperty("order"), "type")));
        Assert.Equal(("completed", "recurring"), (Text(answers[1], "status"), Text(answers[1].GetProperty("order"), "type")));
        Assert.Equal(creem.Shop.Payments[2].Id, Text(answers[3], "lastTransactionId"));
        Assert.Equal(
            ["paused", "active", "scheduled_cancel", "active", "canceled"],
            new[] { 5, 6, 7, 8, 13 }.Select(i => Text(answers[i], "status")));
        Assert.Equal((3, 2, 2), (
            answers[9].GetProperty("pagination").GetProperty("totalRecords").GetInt32(),
            answers[9].GetProperty("pagination").GetProperty("nextPage").GetInt32(),
            answers[9].GetProperty("items").GetArrayLength()));
        Assert.Equal(creem.Shop.Payments[0].Id, Text(Assert.Single(answers[10].GetProperty("items").EnumerateArray()), "id"));
        Assert.Equal("succeeded", Text(answers[12], "status"));
        Assert.Equal((2500, "refunded"), (creem.Shop.Payments[0].Refunded, creem.Shop.Payments[0].Status));
    }

    [Fact]
    public async Task WhatCreemRefuses_IsRefused()
    {
        await using var creem = await CreemDouble.StartAsync();
        var (once, monthly) = (creem.Shop.AddProduct("Credits", 100), creem.Shop.AddProduct("Pro", 999, period: "every-month"));
        object Product(int price) => new { name = "n", description = "d", price, currency = "USD", billingType = "onetime" };

        var refused = await CreemClient.TryAsync(
            creem, creem.ApiKey,
            ["products.create", Product(99)],
            ["checkouts.create", new { productId = "prod_unknown" }],
            ["checkouts.create", new { productId = once.Id, customPrice = 99 }],
            ["checkouts.create", new { productId = once.Id, customPrice = 100_000_000 }],
            ["checkouts.create", new { productId = monthly.Id, customPrice = 2500 }],
            ["checkouts.retrieve", "ch_unknown"],
            ["transactions.refund", new { transactionId = "tran_unknown" }]);
        var stranger = await CreemClient.TryAsync(creem, "creem_test_other", ["products.get", once.Id]);

        Assert.Equal([400, 404, 400, 400, 400, 404, 404], refused.Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal(401, stranger[0].GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData(CreemSchemes.Standard)]
    [InlineData(CreemSchemes.Body)]
    [InlineData(CreemSchemes.Both)]
    public async Task EveryEvent_IsTakenByCreemsHelpers(CreemSchemes schemes)
    {
        await using var creem = await CreemDouble.StartAsync();
        await HappenAsync(creem);
        var now = TimeProvider.System.GetUtcNow();

        var read = await CreemClient.ReadAsync([.. creem.Shop.Events.Select(
            told => (told.Body, CreemSigner.Of(told.Body, CreemDouble.Secret, schemes, told.Id, now), CreemDouble.Secret))]);

        Assert.Equal(
            creem.Shop.Events.Select(told => (told.Id, told.Type, told.Type)),
            read.Select(result => result.TryGetProperty("error", out _)
                ? (result.ToString(), "", "")
                : (Text(result, "id"), Text(result, "type"), Text(result, "shape"))));
        Assert.Equal(
            [
                "checkout.completed", "dispute.created", "refund.created", "subscription.active", "subscription.canceled",
                "subscription.expired", "subscription.paid", "subscription.past_due", "subscription.paused",
                "subscription.scheduled_cancel", "subscription.trialing", "subscription.unpaid", "subscription.update",
            ],
            creem.Shop.Events.Select(told => told.Type).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_SignedWithAnotherSecretOrLongAgo_AreRefusedByCreemsHelpers()
    {
        await using var creem = await CreemDouble.StartAsync();
        await HappenAsync(creem);
        var (told, now) = (creem.Shop.Events[0], TimeProvider.System.GetUtcNow());
        IReadOnlyList<(string, string)> Sign(CreemSchemes schemes, string secret, TimeSpan age) =>
            CreemSigner.Of(told.Body, secret, schemes, told.Id, now - age);
        const string Other = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=";

        var read = await CreemClient.ReadAsync(
            (told.Body, Sign(CreemSchemes.Body, Other, default), CreemDouble.Secret),
            (told.Body, Sign(CreemSchemes.Standard, Other, default), CreemDouble.Secret),
            (told.Body, Sign(CreemSchemes.Standard, CreemDouble.Secret, TimeSpan.FromMinutes(6)), CreemDouble.Secret),
            (told.Body + " ", Sign(CreemSchemes.Both, CreemDouble.Secret, default), CreemDouble.Secret));

        Assert.All(read, result => Assert.Equal("WebhookVerificationError", Text(result, "error")));
    }

    [Fact]
    public async Task Page_ThatIsPosted_PaysOnceAndLeadsBack()
    {
        await using var creem = await CreemDouble.StartAsync();
        var product = creem.Shop.AddProduct("Credits", 100);
        var checkout = (await CreemClient.CallAsync(
            creem, ["checkouts.create", new { productId = product.Id, successUrl = "https://shop.example/ok?a=1", requestId = "r-1" }]))[0];
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        var page = new Uri(Text(checkout, "checkoutUrl"));

        var shown = await http.GetStringAsync(page);
        using var first = await http.PostAsync(page, null);
        using var second = await http.PostAsync(page, null);

        Assert.Contains("Credits", shown, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        Assert.StartsWith("https://shop.example/ok?a=1&checkout_id=", first.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Single(creem.Shop.Payments);
    }

    [Fact]
    public async Task Faults_DoWhatTheySay()
    {
        await using var creem = await CreemDouble.StartAsync();
        var product = creem.Shop.AddProduct("Credits", 100);
        creem.Faults.Next(Checkouts, CreemFault.Refuse, CreemFault.FailAfter, CreemFault.Drop, CreemFault.Twice);
        object[] call = ["checkouts.create", new { productId = product.Id }];

        var results = await CreemClient.TryAsync(creem, creem.ApiKey, call, call, call, call, call);

        Assert.Equal(
            ["APIError 500", "APIError 500", "ConnectionError ", " ", " "],
            results.Select(result => $"{Maybe(result, "error")} {Maybe(result, "status")}"));
        Assert.Equal((5, 5), (creem.CountOf(Checkouts), creem.Shop.Checkouts.Count));
    }

    /// <summary>One of everything that Creem tells of.</summary>
    private static async Task HappenAsync(CreemDouble creem)
    {
        creem.Shop.TaxPercent = 19;
        var (once, monthly) = (creem.Shop.AddProduct("Credits", 100), creem.Shop.AddProduct("Pro", 999, period: "every-month"));
        foreach (var made in await CreemClient.CallAsync(
            creem,
            ["checkouts.create", new { productId = once.Id, customPrice = 2500, metadata = new { order = "order:1" } }],
            ["checkouts.create", new { productId = once.Id }],
            ["checkouts.create", new { productId = monthly.Id, metadata = new { order = "order:2" } }]))
        {
            creem.Shop.Pay(Text(made, "id"));
        }

        var (payments, subscription) = (creem.Shop.Payments, creem.Shop.Subscriptions[0].Id);
        creem.Shop.Move(subscription, "trialing", "subscription.trialing");
        creem.Shop.BillNext(subscription);
        creem.Shop.BillNext(subscription, succeeds: false);
        creem.Shop.Move(subscription, "unpaid", "subscription.unpaid");
        creem.Shop.Move(subscription, "active", "subscription.expired");
        await CreemClient.CallAsync(
            creem, ["subscriptions.pause", subscription], ["subscriptions.resume", subscription],
            ["subscriptions.cancel", subscription, new { mode = "scheduled" }]);
        creem.Shop.BillNext(subscription);
        creem.Shop.Refund(payments[0].Id, 1000);
        creem.Shop.Settle(creem.Shop.Refund(payments[0].Id, status: "pending"), "succeeded");
        creem.Shop.Settle(creem.Shop.Refund(payments[2].Id, status: "requiresAction"), "failed");
        creem.Shop.Dispute(payments[1].Id);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string? Maybe(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : null;
}
