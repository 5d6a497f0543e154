using MeteringGateway.Testing.Stripe;
using Stripe;
using Stripe.Checkout;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>Everything that can happen at Stripe once, called for with Stripe.net.</summary>
internal static class StripeLife
{
    public static StripeClient Client(StripeDouble stripe) => new(new StripeClientOptions
    {
        ApiKey = stripe.ApiKey,
        ApiBase = stripe.Address,
        HttpClient = new SystemNetHttpClient(
            new HttpClient(new SocketsHttpHandler { UseProxy = false }), maxNetworkRetries: 0, enableTelemetry: false),
    });

    public static async Task LiveAsync(StripeDouble stripe)
    {
        var client = Client(stripe).V1;
        var customer = await client.Customers.CreateAsync(new CustomerCreateOptions { Email = "life@example.com" });
        foreach (var (mode, card) in new[] { ("payment", "visa"), ("subscription", "mastercard"), ("setup", "authenticationRequired") })
        {
            var session = await client.Checkout.Sessions.CreateAsync(Options(mode, customer.Id));
            stripe.Complete(session.Id, card);
            if (mode != "setup")
            {
                Assert.Single(await client.Checkout.Sessions.LineItems.ListAsync(session.Id));
            }
        }

        var subscription = (await client.Subscriptions.ListAsync(new SubscriptionListOptions { Customer = customer.Id })).Single();
        stripe.BillNext(subscription.Id);
        stripe.Turn(subscription.DefaultPaymentMethodId, "chargeCustomerFail");
        stripe.BillNext(subscription.Id);
        await client.Subscriptions.CancelAsync(subscription.Id);
        var paid = stripe.Ledger().First(payment => payment.Customer == customer.Id).IntentId;
        stripe.BecomeRefund(stripe.Refund(paid, 100), "failed");
        stripe.CloseDispute(stripe.Dispute(paid), isWon: true);
        await client.BillingPortal.Sessions.CreateAsync(
            new global::Stripe.BillingPortal.SessionCreateOptions { Customer = customer.Id, ReturnUrl = "https://shop.example/" });
    }

    public static SessionCreateOptions Options(string mode, string? customer = null, long amount = 2500) => new()
    {
        Mode = mode,
        Customer = customer,
        SuccessUrl = "https://shop.example/?s={CHECKOUT_SESSION_ID}",
        CancelUrl = "https://shop.example/",
        ClientReferenceId = "order:1",
        Metadata = new() { ["order"] = "order:1" },
        PaymentIntentData = mode == "payment" ? new() { Metadata = new() { ["order"] = "order:1" } } : null,
        SubscriptionData = mode == "subscription" ? new() { Metadata = new() { ["order"] = "order:1" } } : null,
        Currency = mode == "setup" ? "usd" : null,
        LineItems = mode == "setup" ? null :
        [
            new()
            {
                Quantity = 1,
                PriceData = new()
                {
                    Currency = "usd",
                    UnitAmount = amount,
                    ProductData = new() { Name = "Credits" },
                    Recurring = mode == "subscription" ? new() { Interval = "month" } : null,
                },
            },
        ],
    };
}
