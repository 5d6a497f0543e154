using MeteringGateway.Sales.Payments;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;

/// <summary>What is no answer of Stripe's is a value and never an exception; and what Stripe's list of events tells.</summary>
public sealed class StripeAnswerTests
{
    [Theory]
    [InlineData("", 200)]
    [InlineData("null", 200)]
    [InlineData("[]", 200)]
    [InlineData("{}", 200)]
    [InlineData("{\"id\":7,\"status\":{}}", 200)]
    [InlineData("{\"id\":\"pi_1\",\"amount\":\"much\"}", 200)]
    [InlineData("{\"object\":\"payment_intent\",\"id\"", 200)]
    [InlineData("<html>", 200)]
    [InlineData("<html>", 404)]
    [InlineData("<html>", 502)]
    [InlineData("", 302)]
    [InlineData("{\"error\":\"no\"}", 402)]
    [InlineData("{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Invalid API Key provided: sk_test_leak\"}}", 401)]
    [InlineData("{\"error\":{\"type\":\"idempotency_error\",\"message\":\"x\"}}", 400)]
    [InlineData("{\"error\":{\"type\":\"api_error\"}}", 500)]
    [InlineData("{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"rate_limit\"}}", 429)]
    public async Task Answer_ThatIsNone_IsUnavailable(string body, int status)
    {
        await using var server = FakeProvider.Start(FakeReply.Json(body, status));
        await using var bench = await StripeBench.OpenAsync(address: server.Address);
        var account = await bench.Money.AddAccountAsync();
        await bench.Money.ScalarAsync<int>(
            """
            insert into payment_customers (account_id, channel, customer_id) values (@account, 'stripe', 'cus_1');
            insert into payment_methods (account_id, channel, method_id, brand, last4) values (@account, 'stripe', 'pm_1', 'visa', '4242')
            """,
            new { account });

        var charge = await bench.Provider.ChargeAsync(StripeBench.Request(account), default);
        var page = await bench.Provider.CheckoutAsync(bench.Page(account), default);
        var found = await bench.Provider.FindAsync(bench.Lookup(account), default);
        var hosted = await bench.Provider.FindAsync(bench.Lookup(account, isHosted: true, checkout: "cs_1"), default);

        Assert.All([charge, found, hosted], reply => Assert.Equal(PaymentStatus.Unavailable, reply.Status));
        Assert.Equal((PaymentStatus.Unavailable, null), (page.Status, page.Url));
        Assert.Null(await bench.Provider.FindSubscriptionAsync("sub_1", default));
        Assert.Null(await bench.Provider.PortalAsync(new PortalRequest(account, "https://shop.example/", "https://g.example"), default));
        Assert.False(await bench.Provider.TellAsync("sub_1", SubscriptionWish.EndsWithWhatIsPaid, default));
        Assert.DoesNotContain(bench.Log.Lines, line => line.Contains("sk_test_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stripe_ThatIsNotThere_IsUnavailable()
    {
        var server = FakeProvider.Start("{}");
        var address = server.Address;
        await server.DisposeAsync();
        await using var bench = await StripeBench.OpenAsync(address: address);
        var account = await bench.Money.AddAccountAsync();

        Assert.Equal(PaymentStatus.Unavailable, (await bench.Provider.CheckoutAsync(bench.Page(account), default)).Status);
        await Assert.ThrowsAsync<PaymentUnavailableException>(() => ListAsync(bench, bench.Money.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Log_OfEveryKindOfTrouble_NamesNoSecretAndNoCard()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, method) = await bench.AddCustomerAsync();
        bench.Stripe.Turn(method, "chargeDeclinedInsufficientFunds");
        await bench.Provider.ChargeAsync(StripeBench.Request(account), default);
        foreach (var fault in new[] { StripeFault.ErrorAfter, StripeFault.DropAfter, StripeFault.BadGateway, StripeFault.Busy })
        {
            bench.Stripe.Order(fault, "/v1/payment_intents");
            await bench.Provider.ChargeAsync(StripeBench.Request(account, $"order:{fault}"), default);
        }

        Assert.Contains(bench.Log.Lines, line => line.Contains("Stripe refuses charge with 402", StringComparison.Ordinal));
        Assert.Contains(bench.Log.Lines, line => line.Contains("Stripe can't be asked for charge", StringComparison.Ordinal));
        foreach (var secret in new[] { bench.Stripe.ApiKey, "whsec_", "9995", "visa", "2030" })
        {
            Assert.DoesNotContain(bench.Log.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>More than a page of both halves of the types, each event once, and none of before.</summary>
    [Fact]
    public async Task Events_ThatWereWithheld_AreListedWithTheirBodies()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();
        await bench.Provider.ChargeAsync(StripeBench.Request(account, "order:1"), default);
        bench.Money.Clock.Step(TimeSpan.FromHours(1));
        var since = bench.Money.Clock.GetUtcNow();
        for (var i = 2; i <= 130; i++)
        {
            await bench.Provider.ChargeAsync(StripeBench.Request(account, $"order:{i}"), default);
        }

        bench.Stripe.Refund(bench.Stripe.Ledger()[^1].IntentId, 100);

        var past = await ListAsync(bench, since);

        Assert.Equal(129, past.Count(one => one.Said.Type == "payment_intent.succeeded"));
        Assert.Single(past, one => one.Said.Type == "refund.created");
        Assert.Equal(past.Count, past.Select(one => one.Said.Id).Distinct().Count());
        Assert.All(past, one => Assert.Contains($"\"{one.Said.Id}\"", one.Body!, StringComparison.Ordinal));
        Assert.Contains(past, one => one.Body!.Contains(":order:130\"", StringComparison.Ordinal));
    }

    private static async Task<List<PastEvent>> ListAsync(StripeBench bench, DateTimeOffset since)
    {
        var past = new List<PastEvent>();
        var history = bench.Money.Get<IEnumerable<IPaymentHistory>>().Single(one => one.Channel == "stripe");
        await foreach (var one in history.ListAsync(since, default))
        {
            past.Add(one);
        }

        return past;
    }
}
