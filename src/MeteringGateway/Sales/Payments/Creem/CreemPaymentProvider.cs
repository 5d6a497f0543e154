using System.Text.Json;
using MeteringGateway.Sales.Payments.Customers;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>
/// Sells through Creem's pages; nothing can be charged without one. Creem knows no idempotency key of a checkout and finds none by our
/// reference, so a call whose answer was lost makes another: the page that nobody was shown is paid by nobody.
/// </summary>
internal sealed class CreemPaymentProvider(
    CreemApi api, CreemProducts products, PaymentCustomers customers, Installation installation, IOptions<CreemOptions> options,
    ILogger<CreemPaymentProvider> logger) : IPaymentProvider, ISubscriptionProvider
{
    /// <summary>What one checkout may cost, in the smallest unit of its currency.</summary>
    private const long LeastPrice = 100;
    private const long MostPrice = 99_999_999;

    public string Channel => CreemWebhook.Name;
    public bool IsOpen => options.Value.IsOpen;
    public IReadOnlyList<string> PageOrigins => options.Value.PageOrigins;

    public Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new PaymentReply(PaymentStatus.NeedsCustomer, Detail: "Creem takes payments on its own page only."));

    public async Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        if (RefusalOf(request) is { } refusal)
        {
            return new CheckoutReply(PaymentStatus.Declined, null, Detail: refusal);
        }

        var currency = request.Payment.Currency;
        var product = request.ProductId ?? await products.FindAsync(currency, null, cancellationToken);
        var customer = await FindCustomerAsync(request.Payment.AccountId, cancellationToken);
        var answer = await OpenAsync(request, product, customer, cancellationToken);
        if (answer.Outcome == CreemOutcome.NotFound && product is not null && request.ProductId is null)
        {
            answer = await OpenAsync(request, await products.FindAsync(currency, product, cancellationToken), customer, cancellationToken);
        }

        return answer.Outcome switch
        {
            CreemOutcome.Ok => Page(request, answer.Body),
            CreemOutcome.Unavailable => new CheckoutReply(PaymentStatus.Unavailable, null),
            CreemOutcome.NotFound when request.ProductId is { } missing =>
                new CheckoutReply(PaymentStatus.Declined, null, Detail: $"Creem has no product {missing}."),
            _ => new CheckoutReply(PaymentStatus.Declined, null, Detail: $"Creem refused: {answer.Detail ?? "it gave no reason"}."),
        };
    }

    public async Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken)
    {
        // Without an id there is nothing that anybody could have paid: no page was shown.
        if (lookup.CheckoutId is null)
        {
            return new PaymentReply(PaymentStatus.Unknown);
        }

        var answer = await api.GetAsync($"/v1/checkouts?checkout_id={Uri.EscapeDataString(lookup.CheckoutId)}", cancellationToken);
        return answer.Outcome switch
        {
            CreemOutcome.Ok => Payment(answer.Body),
            CreemOutcome.NotFound => new PaymentReply(PaymentStatus.Unknown),
            _ => new PaymentReply(PaymentStatus.Unavailable),
        };
    }

    public async Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken)
    {
        if (await customers.FindAsync(request.AccountId, Channel, cancellationToken) is not { } customerId)
        {
            return null;
        }

        var answer = await api.PostAsync("/v1/customers/billing", new { CustomerId = customerId }, cancellationToken);
        return answer.Outcome == CreemOutcome.Ok ? Address(answer.Body, "customer_portal_link") : null;
    }

    public async Task<bool> TellAsync(string subscriptionId, SubscriptionWish wish, CancellationToken cancellationToken)
    {
        var ends = wish != SubscriptionWish.GoesOn;

        // Creem refuses to end what ends already, or to resume what runs, so a repeat is told from the first call by looking.
        if (await FindSubscriptionAsync(subscriptionId, cancellationToken) is not { } facts)
        {
            return false;
        }

        if (facts.State == SubscriptionState.Ended || (facts.IsEnding == ends && wish != SubscriptionWish.EndsNow))
        {
            return facts.State != SubscriptionState.Ended || ends;
        }

        var path = $"/v1/subscriptions/{Uri.EscapeDataString(subscriptionId)}/{(ends ? "cancel" : "resume")}";
        var answer = ends
            ? await api.PostAsync(
                path, new { Mode = wish == SubscriptionWish.EndsNow ? "immediate" : "scheduled", OnExecute = "cancel" }, cancellationToken)
            : await api.PostAsync(path, new { }, cancellationToken);
        return answer.Outcome == CreemOutcome.Ok;
    }

    public async Task<SubscriptionFacts?> FindSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        var answer = await api.GetAsync($"/v1/subscriptions?subscription_id={Uri.EscapeDataString(subscriptionId)}", cancellationToken);
        return answer.Outcome == CreemOutcome.Ok ? CreemFacts.Subscription(answer.Body) : null;
    }

    /// <summary>What Creem could only refuse is not asked for. Null: it can be sold.</summary>
    private static string? RefusalOf(CheckoutRequest request) =>
        request is { Recurring: not null, ProductId: null } ? "The plan has no product at Creem: set its creem_product_id."
        : request.ProductId is not null ? null
        : !CreemProducts.Currencies.Contains(request.Payment.Currency)
            ? $"Creem sells in {string.Join(" and ", CreemProducts.Currencies)}, not in {request.Payment.Currency}."
        : request.Payment.AmountCents is < LeastPrice or > MostPrice
            ? $"Creem takes {LeastPrice} to {MostPrice} in the smallest unit of the currency at once."
        : null;

    /// <summary>The customer that the account is there, else where Creem may write to.</summary>
    private async Task<object?> FindCustomerAsync(long accountId, CancellationToken cancellationToken) =>
        await customers.FindAsync(accountId, Channel, cancellationToken) is { } id ? new { Id = id }
        : await customers.FindEmailAsync(accountId, cancellationToken) is { } email ? new { Email = email }
        : null;

    private async Task<CreemAnswer> OpenAsync(
        CheckoutRequest request, string? product, object? customer, CancellationToken cancellationToken)
    {
        if (product is null)
        {
            return new CreemAnswer(CreemOutcome.Unavailable);
        }

        var name = await installation.NameAsync(cancellationToken);
        var metadata = new Dictionary<string, string>
        {
            [CreemFacts.OrderKey] = Installation.Outside(name, request.Payment.Reference),
        };
        if (request.Recurring is { } terms)
        {
            metadata[CreemFacts.SubscriptionKey] = Installation.Outside(name, terms.Reference);
        }

        var checkout = new CreemCheckout(
            product,
            metadata[CreemFacts.OrderKey],
            request.ProductId is null ? request.Payment.AmountCents : null,
            customer,
            ReturnUrl.Of(request.SuccessUrl, request.Payment.Reference),
            metadata);
        var answer = await api.PostAsync("/v1/checkouts", checkout, cancellationToken);

        // A customer that was deleted there, or an address that Creem takes for none, must keep nobody from buying.
        return answer.Outcome is CreemOutcome.Refused or CreemOutcome.NotFound && customer is not null
            && await api.PostAsync("/v1/checkouts", checkout with { Customer = null }, cancellationToken) is var second
            && second.Outcome is not (CreemOutcome.Refused or CreemOutcome.NotFound)
            ? second
            : answer;
    }

    /// <summary>The page, where it asks for what the order says: what Creem takes for a product of its own, Creem decides.</summary>
    private CheckoutReply Page(CheckoutRequest request, JsonElement checkout)
    {
        var (price, currency) = (
            EventJson.Whole(checkout, "custom_price") ?? EventJson.Whole(checkout, "product", "price"),
            CreemFacts.Currency(EventJson.At(checkout, "product")));
        var payment = request.Payment;
        if (price is { } asked && currency is not null && (asked != payment.AmountCents || currency != payment.Currency))
        {
            logger.LogError(
                "Creem asks {Asked} {AskedCurrency} for {Reference}, which costs {Price} {Currency}: its product has another price",
                asked, Telemetry.LogText.Value(currency), payment.Reference, payment.AmountCents, payment.Currency);
            return new CheckoutReply(PaymentStatus.Declined, null, Detail: "Creem's product has another price than what is sold.");
        }

        return EventJson.Text(checkout, "id") is { } id && EventJson.IsId(id) && Address(checkout, "checkout_url") is { } url
            ? new CheckoutReply(PaymentStatus.Pending, url, CheckoutId: id)
            : new CheckoutReply(PaymentStatus.Unavailable, null);
    }

    private static PaymentReply Payment(JsonElement checkout)
    {
        var order = EventJson.At(checkout, "order");
        var isRecurring = EventJson.Text(order, "type") == "recurring" || CreemFacts.IdOf(checkout, "subscription") is not null;
        var payment = EventJson.Text(order, isRecurring ? "transaction" : "id");
        return EventJson.Text(checkout, "status") switch
        {
            "completed" when EventJson.Text(order, "status") == "paid" && EventJson.IsId(payment) =>
                new PaymentReply(PaymentStatus.Paid, payment, PaidCents: CreemFacts.Paid(order)),
            "expired" => new PaymentReply(PaymentStatus.Canceled, Detail: "The payment page expired."),
            _ => new PaymentReply(PaymentStatus.Pending),
        };
    }

    private static string? Address(JsonElement body, string name) =>
        EventJson.Text(body, name) is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? url
            : null;

    private sealed record CreemCheckout(
        string ProductId, string RequestId, long? CustomPrice, object? Customer, string SuccessUrl, Dictionary<string, string> Metadata);
}
