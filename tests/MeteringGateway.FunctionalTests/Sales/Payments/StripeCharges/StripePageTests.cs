using MeteringGateway.Sales.Payments;
using MeteringGateway.Testing.Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripeCharges;

/// <summary>Pages of Stripe's: made once under a reference, and found again.</summary>
public sealed class StripePageTests
{
    private const string Sessions = "/v1/checkout/sessions";

    [Fact]
    public async Task Page_OfAnOrder_SaysWhatIsOrderedAndNothingElse()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();

        var page = await bench.Provider.CheckoutAsync(bench.Page(account, saves: true), default);

        var outside = await bench.OutsideAsync("order:1");
        var form = Assert.Single(bench.Posts(Sessions)).Form;
        var session = bench.Stripe.Get(page.CheckoutId!);
        Assert.Equal((PaymentStatus.Pending, session["url"]!.ToString(), null), (page.Status, page.Url, page.PaymentId));
        Assert.Equal(
            (outside, outside, outside, "off_session"),
            (
                form["client_reference_id"]!.ToString(), form["metadata"]!["order"]!.ToString(),
                form["payment_intent_data"]!["metadata"]!["order"]!.ToString(),
                form["payment_intent_data"]!["setup_future_usage"]!.ToString()));
        Assert.Equal(("usd", "2500"), (
            form["line_items"]![0]!["price_data"]!["currency"]!.ToString(),
            form["line_items"]![0]!["price_data"]!["unit_amount"]!.ToString()));
        Assert.Equal("false", form["adaptive_pricing"]!["enabled"]!.ToString());
        Assert.Null(form["allow_promotion_codes"]);
        Assert.Equal("https://shop.example/ok?s={CHECKOUT_SESSION_ID}", session["success_url"]!.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_OnItsWay_IsPendingThenPaidAndItsMethodIsKept(bool isNoted)
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var session = (await bench.Provider.CheckoutAsync(bench.Page(account, saves: true), default)).CheckoutId!;
        var lookup = bench.Lookup(account, isHosted: true, checkout: isNoted ? session : null);

        var open = await bench.Provider.FindAsync(lookup, default);
        Assert.Equal("card_declined", bench.Stripe.Complete(session, "chargeDeclined"));
        var declined = await bench.Provider.FindAsync(lookup, default);
        bench.Stripe.Complete(session, "mastercard");
        var paid = await bench.Provider.FindAsync(lookup, default);

        // The customer may try another card as long as the page is open.
        Assert.Equal((PaymentStatus.Pending, PaymentStatus.Pending), (open.Status, declined.Status));
        Assert.Equal(
            (PaymentStatus.Paid, Assert.Single(bench.Stripe.Ledger()).IntentId, 2500), (paid.Status, paid.PaymentId, paid.PaidCents));
        Assert.Equal(
            new MethodFacts(bench.Stripe.Get(paid.PaymentId!)["payment_method"]!.ToString(), "mastercard", "4444", 8, 2030),
            await bench.Provider.FindMethodAsync(paid.PaymentId!, default));
    }

    [Fact]
    public async Task Page_ThatRanOut_IsCanceled()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var session = (await bench.Provider.CheckoutAsync(bench.Page(account), default)).CheckoutId!;
        bench.Stripe.Expire(session);

        var reply = await bench.Provider.FindAsync(bench.Lookup(account, isHosted: true, checkout: session), default);
        Assert.Equal(PaymentStatus.Canceled, reply.Status);
    }

    [Fact]
    public async Task Debit_ThatFailsAfterThePage_IsDeclined()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var session = (await bench.Provider.CheckoutAsync(bench.Page(account), default)).CheckoutId!;
        bench.Stripe.CompleteWithDebit(session);
        bench.Stripe.Settle(bench.Stripe.Get(session)["payment_intent"]!.ToString(), isPaid: false);

        var reply = await bench.Provider.FindAsync(bench.Lookup(account, isHosted: true, checkout: session), default);
        Assert.Equal(PaymentStatus.Declined, reply.Status);
    }

    [Theory]
    [InlineData(StripeFault.ErrorAfter)]
    [InlineData(StripeFault.DropAfter)]
    [InlineData(StripeFault.HangAfter)]
    [InlineData(StripeFault.BadGateway)]
    public async Task Page_WhoseAnswerIsLost_IsFoundAndNoOtherIsMade(StripeFault fault)
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        bench.Stripe.Order(fault, Sessions);

        var first = await bench.Provider.CheckoutAsync(bench.Page(account), default);
        var repeat = await bench.Provider.CheckoutAsync(bench.Page(account), default);

        Assert.Equal(PaymentStatus.Pending, first.Status);
        Assert.NotNull(first.Url);
        Assert.Equal(first, repeat);
        Assert.Single(bench.Stripe.Everything(), thing => thing["object"]!.ToString() == "checkout.session");
    }

    [Fact]
    public async Task Page_ThatStripeCantMake_IsNone()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        bench.Stripe.Order(StripeFault.ErrorBefore, Sessions);

        var reply = await bench.Provider.CheckoutAsync(bench.Page(account), default);

        Assert.Equal((PaymentStatus.Unavailable, null), (reply.Status, reply.Url));
        Assert.Equal(PaymentStatus.Unknown, (await bench.Provider.FindAsync(bench.Lookup(account, isHosted: true), default)).Status);
    }

    [Theory]
    [InlineData("monthly", "month", false)]
    [InlineData("yearly", "year", false)]
    [InlineData("monthly", "month", true)]
    public async Task Plan_OnItsPage_IsASubscriptionThatNamesOurs(string billing, string interval, bool hasPrice)
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var price = hasPrice ? bench.Stripe.AddPrice(2500, "usd", interval) : null;
        var plan = new RecurringTerms(billing, "subscription:7", "Pro");

        var page = await bench.Provider.CheckoutAsync(bench.Page(account, plan: plan, price: price), default);
        bench.Stripe.Complete(page.CheckoutId!);

        var reply = await bench.Provider.FindAsync(bench.Lookup(account, isHosted: true, checkout: page.CheckoutId), default);
        var subscription = bench.Stripe.Get(bench.Stripe.Get(page.CheckoutId!)["subscription"]!.ToString());
        Assert.Equal(
            (await bench.OutsideAsync("order:1"), await bench.OutsideAsync("subscription:7")),
            (subscription["metadata"]!["order"]!.ToString(), subscription["metadata"]!["subscription"]!.ToString()));
        Assert.Equal((PaymentStatus.Paid, Assert.Single(bench.Stripe.Ledger()).Invoice), (reply.Status, reply.PaymentId));
        Assert.Equal(interval, subscription["items"]!["data"]![0]!["price"]!["recurring"]!["interval"]!.ToString());

        var facts = await bench.Provider.FindSubscriptionAsync(subscription["id"]!.ToString(), default);
        Assert.Equal((SubscriptionState.Active, false), (facts!.State, facts.IsEnding));
        Assert.Equal((long)subscription["items"]!["data"]![0]!["current_period_end"]!, facts.PeriodEnd!.Value.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(2400, "usd", "month")]
    [InlineData(2500, "eur", "month")]
    [InlineData(2500, "usd", "year")]
    [InlineData(2500, "usd", null)]
    public async Task Plan_WhosePriceIsAnotherAtStripe_IsNotSold(long cents, string currency, string? interval)
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var price = bench.Stripe.AddPrice(cents, currency, interval);

        var page = await bench.Provider.CheckoutAsync(
            bench.Page(account, plan: new RecurringTerms("monthly", "subscription:7", "Pro"), price: price), default);

        Assert.Equal((PaymentStatus.Unavailable, null), (page.Status, page.Url));
        Assert.Contains(bench.Money.Errors.Lines, line => line.Contains(price, StringComparison.Ordinal));
        Assert.Empty(bench.Posts(Sessions));
    }

    [Fact]
    public async Task Subscription_ToldToEnd_EndsThereAndCanBeTakenBack()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var page = await bench.Provider.CheckoutAsync(
            bench.Page(account, plan: new RecurringTerms("monthly", "subscription:7", "Pro")), default);
        bench.Stripe.Complete(page.CheckoutId!);
        var id = bench.Stripe.Get(page.CheckoutId!)["subscription"]!.ToString();

        Assert.True(await bench.Provider.TellAsync(id, SubscriptionWish.EndsWithWhatIsPaid, default));
        Assert.True((await bench.Provider.FindSubscriptionAsync(id, default))!.IsEnding);
        Assert.True(await bench.Provider.TellAsync(id, SubscriptionWish.GoesOn, default));
        Assert.False((await bench.Provider.FindSubscriptionAsync(id, default))!.IsEnding);
        bench.Stripe.EndSubscription(id);

        Assert.Equal(SubscriptionState.Ended, (await bench.Provider.FindSubscriptionAsync(id, default))!.State);
        Assert.True(await bench.Provider.TellAsync(id, SubscriptionWish.EndsWithWhatIsPaid, default));
        Assert.False(await bench.Provider.TellAsync(id, SubscriptionWish.GoesOn, default));
        bench.Stripe.Order(StripeFault.Busy, "/v1/subscriptions", "GET");
        Assert.Null(await bench.Provider.FindSubscriptionAsync(id, default));
    }

    [Fact]
    public async Task Setup_OnItsPage_SavesAMethodThatIsChargedAndForgotten()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        var url = await bench.Provider.SetUpAsync(
            new SetupRequest(account, "setup:1", "https://shop.example/ok", "https://shop.example/no", "https://gateway.example"), default);
        var session = url!.Split('/')[^1];
        bench.Stripe.Complete(session, "authenticationRequired");

        var facts = await bench.Provider.FindMethodAsync(bench.Stripe.Get(session)["setup_intent"]!.ToString(), default);

        Assert.Equal(("visa", "3184"), (facts!.Brand, facts.Last4));
        Assert.True(await bench.Provider.ForgetMethodAsync(facts.MethodId, default));
        Assert.True(await bench.Provider.ForgetMethodAsync(facts.MethodId, default));
        Assert.True(await bench.Provider.ForgetMethodAsync("pm_none", default));
        Assert.Null(await bench.Provider.FindMethodAsync("seti_none", default));
        bench.Stripe.Order(StripeFault.Busy, "/v1/payment_methods");
        Assert.False(await bench.Provider.ForgetMethodAsync(facts.MethodId, default));
        bench.Stripe.Order(StripeFault.DropBefore, "/v1/setup_intents", "GET");
        await Assert.ThrowsAsync<PaymentUnavailableException>(() => bench.Provider.FindMethodAsync("seti_1", default));
    }

    [Fact]
    public async Task Portal_OfACustomer_IsAPageAndOfNoneNothing()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();

        Assert.StartsWith(bench.Stripe.Address, await PortalAsync(account), StringComparison.Ordinal);
        Assert.Null(await PortalAsync(await bench.Money.AddAccountAsync()));
        bench.Stripe.Order(StripeFault.ErrorBefore, "/v1/billing_portal");
        Assert.Null(await PortalAsync(account));

        Task<string?> PortalAsync(long id) =>
            bench.Provider.PortalAsync(new PortalRequest(id, "https://shop.example/", "https://gateway.example"), default);
    }

    [Fact]
    public async Task Customer_MadeByManyAtOnceOrInVain_IsOne()
    {
        await using var bench = await StripeBench.OpenAsync();
        var account = await bench.Money.AddAccountAsync();
        bench.Stripe.Order(StripeFault.DropAfter, "/v1/customers");
        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => bench.Provider.CheckoutAsync(bench.Page(account, $"order:{i}"), default)));

        Assert.Single(bench.Stripe.Everything(), thing => thing["object"]!.ToString() == "customer");
        Assert.Equal(1, await bench.Money.ScalarAsync<long>("select count(*) from payment_customers"));
    }

    /// <summary>It was deleted there, or the key is of the live mode now: the account gets another, and nothing is on file.</summary>
    [Fact]
    public async Task Customer_ThatIsGoneThere_IsReplacedWithItsMethods()
    {
        await using var bench = await StripeBench.OpenAsync();
        var (account, _) = await bench.AddCustomerAsync();
        await bench.Money.ScalarAsync<int>("update payment_customers set customer_id = 'cus_other_mode'");

        Assert.Equal(PaymentStatus.NeedsCustomer, (await bench.Provider.ChargeAsync(StripeBench.Request(account), default)).Status);
        Assert.Equal(PaymentStatus.Unknown, (await bench.Provider.FindAsync(bench.Lookup(account), default)).Status);
        bench.Money.Clock.Step(TimeSpan.FromMinutes(1));
        var page = await bench.Provider.CheckoutAsync(bench.Page(account), default);

        Assert.Equal(PaymentStatus.Pending, page.Status);
        Assert.Equal(
            bench.Stripe.Get(page.CheckoutId!)["customer"]!.ToString(),
            await bench.Money.ScalarAsync<string>("select customer_id from payment_customers"));
        Assert.Equal(0, await bench.Money.ScalarAsync<long>("select count(*) from payment_methods"));
    }
}
