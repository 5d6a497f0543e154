using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;

/// <summary>Charges of a saved method, whatever becomes of the answer: paid once, credited once.</summary>
public sealed class StripeChargeTests
{
    private const string Intents = "/v1/payment_intents";

    [Theory]
    [InlineData(2500, "USD")]
    [InlineData(3000, "JPY")]
    public async Task Charge_OfASavedCard_IsPaidUnderTheInstallationsReference(long cents, string currency)
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, method) = await bench.AddCustomerAsync();

        var reply = await bench.Provider.ChargeAsync(StripeBench.Request(account, cents: cents, currency: currency), default);

        var charged = Assert.Single(bench.Stripe.Ledger());
        Assert.Equal((PaymentStatus.Paid, charged.IntentId), (reply.Status, reply.PaymentId));
        Assert.Equal((cents, currency), (charged.Amount, charged.Currency.ToUpperInvariant()));
        var outside = await bench.OutsideAsync("order:1");
        var post = Assert.Single(bench.Posts(Intents));
        Assert.Equal((outside, outside, StripeDouble.Version), (charged.Metadata["order"], post.IdempotencyKey, post.ApiVersion));
        Assert.Equal(
            (method, "true", "true", "250 credits"),
            (Text(post, "payment_method"), Text(post, "off_session"), Text(post, "confirm"), Text(post, "description")));
        Assert.DoesNotContain(post.Headers.Keys, name => name.Contains("Telemetry", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("chargeCustomerFail", "Declined", "The card was declined.")]
    [InlineData("chargeDeclinedInsufficientFunds", "Declined", "The card was declined: its funds do not suffice.")]
    [InlineData("chargeDeclinedExpiredCard", "Declined", "The card was declined: it has expired.")]
    [InlineData("authenticationRequired", "NeedsCustomer", "The payment has to be confirmed by the customer on a payment page.")]
    public async Task Charge_ThatIsRefused_SaysWhyAndStaysSo(string card, string status, string detail)
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, method) = await bench.AddCustomerAsync();
        bench.Stripe.Turn(method, card);

        var first = await bench.Provider.ChargeAsync(StripeBench.Request(account), default);
        bench.Stripe.Turn(method, "visa");
        var repeat = await bench.Provider.ChargeAsync(StripeBench.Request(account), default);
        var found = await bench.Provider.FindAsync(bench.Lookup(account), default);

        Assert.Equal((status, detail), (first.Status.ToString(), first.Detail));
        Assert.StartsWith("pi_", first.PaymentId, StringComparison.Ordinal);
        Assert.Equal((first, first), (repeat, found));
        Assert.Empty(bench.Stripe.Ledger());
    }

    [Fact]
    public async Task Charge_WithoutAMethod_NeedsTheCustomerAndAsksNobody()
    {
        await using var bench = await StripeBench.OpenAsync();

        var reply = await bench.Provider.ChargeAsync(StripeBench.Request(await bench.Money.AddAccountAsync()), default);

        Assert.Equal((PaymentStatus.NeedsCustomer, "No payment method is on file."), (reply.Status, reply.Detail));
        Assert.Empty(bench.Stripe.Requests);
    }

    [Fact]
    public async Task Charge_RepeatedAfterItsMethodWent_IsStillPaid()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, method) = await bench.AddCustomerAsync();
        var first = await bench.Provider.ChargeAsync(StripeBench.Request(account), default);
        Assert.True(await bench.Provider.ForgetMethodAsync(method, default));
        await bench.Money.ScalarAsync<int>("delete from payment_methods");

        Assert.Equal(first, await bench.Provider.ChargeAsync(StripeBench.Request(account), default));
        var other = await bench.Provider.ChargeAsync(StripeBench.Request(account, "order:2"), default);
        Assert.Equal(PaymentStatus.NeedsCustomer, other.Status);
        Assert.Single(bench.Stripe.Ledger());
    }

    /// <summary>A method that is gone at Stripe and still on file here: nothing can be charged without the customer.</summary>
    [Fact]
    public async Task Charge_OfAMethodThatIsGoneThere_NeedsTheCustomer()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();
        await bench.Money.ScalarAsync<int>("update payment_methods set method_id = 'pm_gone'");

        Assert.Equal(PaymentStatus.NeedsCustomer, (await bench.Provider.ChargeAsync(StripeBench.Request(account), default)).Status);
    }

    [Fact]
    public async Task Charge_SameReferenceTwentyTimesAtOnce_IsOneCharge()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => bench.Provider.ChargeAsync(StripeBench.Request(account), default)));

        var charged = Assert.Single(bench.Stripe.Ledger());
        Assert.Contains(replies, reply => reply.Status == PaymentStatus.Paid);
        Assert.All(replies, reply => Assert.True(
            reply.Status == PaymentStatus.Unavailable || (reply.Status, reply.PaymentId) == (PaymentStatus.Paid, charged.IntentId)));
    }

    /// <summary>
    /// Facts of Stripe's: it keeps an error as the answer to a key, charges before a broken connection, and charges later than we wait.
    /// The order is asked for until it is over.
    /// </summary>
    [Theory]
    [InlineData(StripeFault.ErrorBefore, false)]
    [InlineData(StripeFault.ErrorAfter, true)]
    [InlineData(StripeFault.Busy, true)]
    [InlineData(StripeFault.HangBefore, true)]
    [InlineData(StripeFault.HangAfter, true)]
    [InlineData(StripeFault.LateEffect, true)]
    [InlineData(StripeFault.DropBefore, true)]
    [InlineData(StripeFault.DropAfter, true)]
    [InlineData(StripeFault.BadGateway, true)]
    public async Task Purchase_WhoseAnswerIsLost_IsChargedAndCreditedOnce(StripeFault fault, bool isPaid)
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();
        await bench.Money.AddPackageAsync();
        bench.Stripe.Order(fault, Intents);

        var terms = new PurchaseTerms("key", Channel: "stripe");
        var reply = await BuyAsync(bench, account, terms);
        // The customer's client asks again, under the same key.
        await Eventually.TrueAsync(
            async () => (reply = await BuyAsync(bench, account, terms)).Order!.Status != OrderStatus.Pending || !isPaid,
            () => $"the order stays {reply.Order!.Status}");
        bench.Money.Clock.Step(TimeSpan.FromMinutes(11));
        await bench.Money.SweepAsync();
        await BuyAsync(bench, account, terms);

        var order = await bench.Money.OrderAsync(reply.Order!.Id);
        Assert.Equal(
            isPaid ? (OrderStatus.Fulfilled, 250, 1) : (OrderStatus.Canceled, 0, 0),
            (order.Status, bench.Money.Engine.BalanceOf(account), bench.Stripe.Ledger().Count));
        Assert.Single(bench.Posts(Intents).Select(post => post.IdempotencyKey).Distinct());
    }

    /// <summary>Nobody repeats the request: the sweeper finds what was charged and charges nothing.</summary>
    [Theory]
    [InlineData(StripeFault.ErrorAfter, true)]
    [InlineData(StripeFault.DropAfter, true)]
    [InlineData(StripeFault.LateEffect, true)]
    [InlineData(StripeFault.DropBefore, false)]
    public async Task Purchase_ThatNobodyRepeats_IsFoundByTheSweeper(StripeFault fault, bool isPaid)
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();
        await bench.Money.AddPackageAsync();
        bench.Stripe.Order(fault, Intents);
        var reply = await BuyAsync(bench, account, new PurchaseTerms(Channel: "stripe"));
        await Eventually.TrueAsync(
            () => Task.FromResult(bench.Stripe.Ledger().Count == (isPaid ? 1 : 0)), () => "the charge did not come");

        bench.Money.Clock.Step(TimeSpan.FromMinutes(11));
        await bench.Money.SweepAsync();

        Assert.Equal(
            isPaid ? (OrderStatus.Fulfilled, 250, 1) : (OrderStatus.Canceled, 0, 0),
            ((await bench.Money.OrderAsync(reply.Order!.Id)).Status, bench.Money.Engine.BalanceOf(account), bench.Stripe.Ledger().Count));
        Assert.Single(bench.Posts(Intents));
    }

    [Fact]
    public async Task Debit_ThatTakesDays_IsPendingUntilItIsThere()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var session = (await bench.Provider.CheckoutAsync(bench.Page(account), default)).CheckoutId!;
        bench.Stripe.CompleteWithDebit(session);

        var lookup = bench.Lookup(account, isHosted: true, checkout: session);
        Assert.Equal(PaymentStatus.Pending, (await bench.Provider.FindAsync(lookup, default)).Status);
        bench.Stripe.Settle(bench.Stripe.Get(session)["payment_intent"]!.ToString(), isPaid: true);
        Assert.Equal(PaymentStatus.Paid, (await bench.Provider.FindAsync(lookup, default)).Status);
    }

    /// <summary>Two gateways on one Stripe account, with databases of their own in which each begins with order 1.</summary>
    [Fact]
    public async Task Orders_OfTwoInstallations_ArePaidEachForItself()
    {
        await using var one = await StripeBench.OpenAsync();
        await using var other = await StripeBench.OpenAsync(one.Stripe);
        var ((first, _), (second, _)) = (await one.AddCustomerAsync(), await other.AddCustomerAsync());
        Assert.Equal(first, second);

        var paid = await one.Provider.ChargeAsync(StripeBench.Request(first), default);
        Assert.Equal(PaymentStatus.Unknown, (await other.Provider.FindAsync(other.Lookup(second), default)).Status);
        var also = await other.Provider.ChargeAsync(StripeBench.Request(second, cents: 9900), default);

        Assert.Equal((PaymentStatus.Paid, PaymentStatus.Paid), (paid.Status, also.Status));
        Assert.NotEqual(paid.PaymentId, also.PaymentId);
        Assert.Equal([2500, 9900], one.Stripe.Ledger().Select(payment => payment.Amount));
        Assert.Equal(2, one.Stripe.Ledger().Select(payment => payment.Customer).Distinct().Count());
    }

    /// <summary>The database was made anew, and Stripe remembers the first one's order 1: it buys nothing here.</summary>
    [Fact]
    public async Task Order_OfANewDatabase_IsNotPaidByTheOldOnes()
    {
        await using var old = await StripeBench.OpenAsync();
        var (account, method) = await old.AddCustomerAsync();
        await old.Provider.ChargeAsync(StripeBench.Request(account), default);
        await using var renewed = await StripeBench.OpenAsync(old.Stripe);
        var again = await renewed.Money.AddAccountAsync();
        // The operator has kept who the account is and what it pays with.
        var customer = old.Stripe.Get(method)["customer"]!.ToString();
        await renewed.Money.ScalarAsync<int>(
            """
            insert into payment_customers (account_id, channel, customer_id) values (@again, 'stripe', @customer);
            insert into payment_methods (account_id, channel, method_id, brand, last4) values (@again, 'stripe', @method, 'visa', '4242')
            """,
            new { again, customer, method });

        Assert.Equal(PaymentStatus.Unknown, (await renewed.Provider.FindAsync(renewed.Lookup(again), default)).Status);
        Assert.Equal(PaymentStatus.Paid, (await renewed.Provider.ChargeAsync(StripeBench.Request(again), default)).Status);
        Assert.Equal(2, old.Stripe.Ledger().Count);
    }

    private static Task<OrderReply> BuyAsync(StripeBench bench, long account, PurchaseTerms terms) =>
        bench.Money.Purchases.BuyPackageAsync(account, null, "starter-250", terms, default);

    private static string? Text(StripeRequest request, string name) => request.Form[name]?.ToString();
}
