using System.Net;
using System.Text;
using MeteringGateway.Testing;
using MeteringGateway.Testing.Stripe;
using Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>Stripe.net calls the double: answers are typed objects with the facts that the gateway reads, and faults are real.</summary>
public sealed class StripeNetTests
{
    [Fact]
    public async Task Payment_OnItsPage_IsReadWithEveryFact()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var client = StripeLife.Client(stripe).V1;
        var customer = await client.Customers.CreateAsync(new CustomerCreateOptions { Email = "a@example.com" });
        var session = await client.Checkout.Sessions.CreateAsync(StripeLife.Options("payment", customer.Id));
        Assert.Equal(("open", "unpaid", null), (session.Status, session.PaymentStatus, session.PaymentIntentId));

        Assert.Equal("card_declined", stripe.Complete(session.Id, "chargeDeclined"));
        Assert.Equal("open", (await client.Checkout.Sessions.GetAsync(session.Id)).Status);
        Assert.Null(stripe.Complete(session.Id));

        var paid = await client.Checkout.Sessions.GetAsync(session.Id, new() { Expand = ["payment_intent.latest_charge"] });
        Assert.Equal(("complete", "paid", 2500, 2500, "usd"),
            (paid.Status, paid.PaymentStatus, paid.AmountTotal, paid.AmountSubtotal, paid.Currency));
        Assert.Equal(("succeeded", 2500, "order:1", customer.Id),
            (paid.PaymentIntent.Status, paid.PaymentIntent.AmountReceived, paid.PaymentIntent.Metadata["order"], paid.CustomerId));
        Assert.Equal("visa", paid.PaymentIntent.LatestCharge.PaymentMethodDetails.Card.Brand);
        Assert.Equal(1, stripe.Ledger().Count(payment => payment.IntentId == paid.PaymentIntentId));
    }

    [Fact]
    public async Task Setup_OnItsPage_SavesAMethodThatCanBeChargedAndTakenOff()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var client = StripeLife.Client(stripe).V1;
        var customer = await client.Customers.CreateAsync(new CustomerCreateOptions());
        var session = await client.Checkout.Sessions.CreateAsync(StripeLife.Options("setup", customer.Id));
        stripe.Complete(session.Id, "mastercard");

        var setup = await client.SetupIntents.GetAsync(
            stripe.Get(session.Id)["setup_intent"]!.ToString(), new() { Expand = ["payment_method"] });
        Assert.Equal(("succeeded", "mastercard", "4444", customer.Id),
            (setup.Status, setup.PaymentMethod.Card.Brand, setup.PaymentMethod.Card.Last4, setup.PaymentMethod.CustomerId));
        Assert.Equal("succeeded", (await ChargeAsync(client, customer.Id, setup.PaymentMethodId)).Status);

        await client.PaymentMethods.DetachAsync(setup.PaymentMethodId);
        Assert.Empty(await client.PaymentMethods.ListAsync(new() { Customer = customer.Id }));
        Assert.Single(stripe.Ledger());
    }

    [Fact]
    public async Task Months_OfASubscription_AreInvoicesWithTheirPaymentsAndPeriods()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var client = StripeLife.Client(stripe).V1;
        var session = await client.Checkout.Sessions.CreateAsync(StripeLife.Options("subscription"));
        stripe.Complete(session.Id);
        var id = (await client.Checkout.Sessions.GetAsync(session.Id)).SubscriptionId;
        var second = stripe.BillNext(id)!;
        stripe.Turn((await client.Subscriptions.GetAsync(id)).DefaultPaymentMethodId, "chargeCustomerFail");
        var third = stripe.BillNext(id)!;
        Assert.Equal("past_due", (await client.Subscriptions.GetAsync(id)).Status);
        stripe.Turn((await client.Subscriptions.GetAsync(id)).DefaultPaymentMethodId, "visa");
        Assert.True(stripe.RetryInvoice(third));

        var invoices = (await client.Invoices.ListAsync(new() { Subscription = id })).Data.AsEnumerable().Reverse().ToList();
        Assert.Equal(
            ["subscription_create", "subscription_cycle", "subscription_cycle"], invoices.Select(invoice => invoice.BillingReason));
        Assert.Equal(["paid", "paid", "paid"], invoices.Select(invoice => invoice.Status));
        Assert.All(invoices, invoice => Assert.Equal(
            (id, "order:1"),
            (invoice.Parent.SubscriptionDetails.SubscriptionId, invoice.Parent.SubscriptionDetails.Metadata["order"])));
        Assert.Equal(invoices[0].Lines.Single().Period.End, invoices[1].Lines.Single().Period.Start);
        var payment = (await client.InvoicePayments.ListAsync(new() { Invoice = second })).Single();
        Assert.Contains(stripe.Ledger(), charge => charge.IntentId == payment.Payment.PaymentIntentId && charge.Invoice == second);
        Assert.Equal(3, stripe.Ledger().Count);

        await client.Subscriptions.UpdateAsync(id, new() { CancelAtPeriodEnd = true });
        Assert.Null(stripe.BillNext(id));
        Assert.Equal("canceled", (await client.Subscriptions.GetAsync(id)).Status);
    }

    [Fact]
    public async Task Reversals_OfAPayment_AreReadWithStateAndAmount()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var client = StripeLife.Client(stripe).V1;
        var (customer, method) = await SaveAsync(stripe, client);
        var intent = await ChargeAsync(client, customer, method);

        var refund = await client.Refunds.CreateAsync(new() { PaymentIntent = intent.Id, Amount = 200 });
        stripe.BecomeRefund(refund.Id, "failed");
        var dispute = stripe.Dispute(intent.Id);
        var refused = await Assert.ThrowsAsync<StripeException>(() => client.Refunds.CreateAsync(new() { PaymentIntent = intent.Id }));
        stripe.CloseDispute(dispute, isWon: true);

        Assert.Equal("charge_disputed", refused.StripeError.Code);
        Assert.Equal("failed", (await client.Refunds.GetAsync(refund.Id)).Status);
        var won = await client.Disputes.GetAsync(dispute);
        Assert.Equal(
            ("won", 700, intent.Id, 0),
            (won.Status, won.Amount, won.PaymentIntentId, won.BalanceTransactions.Sum(one => one.Amount)));
        Assert.Equal(
            [
                "refund.created", "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.funds_withdrawn",
                "charge.dispute.funds_reinstated", "charge.dispute.closed",
            ],
            (await client.Events.ListAsync(new() { Limit = 100 })).Data.Select(made => made.Type).Reverse()
                .Where(type => type.StartsWith("refund", StringComparison.Ordinal) || type.Contains("dispute", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(StripeFault.ErrorBefore, 0)]
    [InlineData(StripeFault.ErrorAfter, 1)]
    public async Task Repeat_AfterAnError_GetsTheErrorAgain(StripeFault fault, int charges)
    {
        await using var stripe = await StripeDouble.StartAsync();
        var client = StripeLife.Client(stripe).V1;
        var (customer, method) = await SaveAsync(stripe, client);
        stripe.Order(fault, "/v1/payment_intents");

        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<StripeException>(() => ChargeAsync(client, customer, method, "key"));
            Assert.Equal(HttpStatusCode.InternalServerError, error.HttpStatusCode);
        }

        Assert.Equal(charges, stripe.Ledger().Count);
        Assert.True(stripe.Requests[^1].IsReplay);
    }

    [Theory]
    [InlineData(StripeFault.DropAfter)]
    [InlineData(StripeFault.HangAfter)]
    [InlineData(StripeFault.LateEffect)]
    [InlineData(StripeFault.HangBefore)]
    [InlineData(StripeFault.DropBefore)]
    [InlineData(StripeFault.BadGateway)]
    [InlineData(StripeFault.Busy)]
    public async Task Repeat_AfterALostAnswer_ChargesNoSecondTime(StripeFault fault)
    {
        await using var stripe = await StripeDouble.StartAsync();
        var client = StripeLife.Client(stripe).V1;
        var (customer, method) = await SaveAsync(stripe, client);
        stripe.Order(fault, "/v1/payment_intents");
        using var patience = new CancellationTokenSource();

        var first = ChargeAsync(client, customer, method, "key", patience.Token);
        await Eventually.TrueAsync(
            () => Task.FromResult(stripe.Requests.Any(request => request.IdempotencyKey == "key")), () => "the call did not come");
        if (fault is StripeFault.HangAfter or StripeFault.HangBefore or StripeFault.LateEffect)
        {
            await patience.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => first);
        PaymentIntent? repeat = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    repeat = await ChargeAsync(client, customer, method, "key");
                }
                catch (StripeException error) when (error.HttpStatusCode == HttpStatusCode.Conflict)
                {
                    // The first is still under way there.
                }

                return repeat is not null;
            },
            () => "the key stays in use");

        Assert.Equal((repeat!.Id, "succeeded"), (Assert.Single(stripe.Ledger()).IntentId, repeat.Status));
    }

    [Fact]
    public async Task Page_OfASession_PaysAndLeadsToItsAddress()
    {
        await using var stripe = await StripeDouble.StartAsync();
        var session = await StripeLife.Client(stripe).V1.Checkout.Sessions.CreateAsync(StripeLife.Options("payment"));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        Assert.Contains("2500 usd", await http.GetStringAsync(session.Url), StringComparison.Ordinal);

        using var declined = await http.PostAsync(session.Url, Form("decline"));
        using var paid = await http.PostAsync(session.Url, Form("pay"));

        Assert.Contains("card_declined", await declined.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal($"https://shop.example/?s={session.Id}", paid.Headers.Location?.OriginalString);
        Assert.Equal(2500, Assert.Single(stripe.Ledger()).Amount);
    }

    private static StringContent Form(string action) => new($"action={action}", Encoding.UTF8, "application/x-www-form-urlencoded");

    private static async Task<(string Customer, string Method)> SaveAsync(StripeDouble stripe, V1Services client)
    {
        var customer = await client.Customers.CreateAsync(new CustomerCreateOptions());
        return (customer.Id, stripe.SaveCard(customer.Id));
    }

    private static Task<PaymentIntent> ChargeAsync(
        V1Services client, string customer, string method, string? key = null, CancellationToken cancellationToken = default) =>
        client.PaymentIntents.CreateAsync(
            new()
            {
                Amount = 700,
                Currency = "usd",
                Customer = customer,
                PaymentMethod = method,
                OffSession = true,
                Confirm = true,
            },
            new RequestOptions { IdempotencyKey = key },
            cancellationToken);
}
