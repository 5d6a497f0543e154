using System.Text.Json;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>The events of Stripe's own subscriptions. A month is paid where its invoice is, whatever else is said.</summary>
internal static class StripeInvoices
{
    /// <summary>The invoice's id is the payment's: its intent is not in it, and is told of in an event of its own.</summary>
    public static PaymentEvent Of(PaymentEvent said, string type, JsonElement? thing)
    {
        var details = EventJson.At(thing, "parent", "subscription_details") ?? EventJson.At(thing, "subscription_details");
        var lines = EventJson.Items(thing, "lines", "data").ToList();
        var subscription = EventJson.Id(details, "subscription") ?? EventJson.Id(thing, "subscription");
        var reason = EventJson.Text(thing, "billing_reason");
        if (subscription is null)
        {
            return said with
            {
                Kind = reason?.StartsWith("subscription", StringComparison.Ordinal) == true
                    ? PaymentEventKind.UnknownShape
                    : PaymentEventKind.Other,
            };
        }

        var first = lines.Count > 0 ? lines[0] : (JsonElement?)null;
        return said with
        {
            Kind = type == "invoice.paid" ? PaymentEventKind.MonthPaid : PaymentEventKind.MonthRefused,
            References = EventJson.Those(EventJson.Text(details, "metadata", "order")),
            PaymentId = EventJson.Text(thing, "id"),
            Aliases = EventJson.Those([
                EventJson.Id(thing, "payment_intent"),
                EventJson.Id(thing, "charge"),
                .. EventJson.Items(thing, "payments", "data").Select(payment => EventJson.Id(payment, "payment", "payment_intent")),
            ]),
            AmountCents = EventJson.Whole(thing, "subtotal") ?? EventJson.Whole(thing, "amount_paid"),
            PaidCents = EventJson.Whole(thing, "amount_paid"),
            CustomerId = EventJson.Id(thing, "customer"),
            Subscription = new SubscriptionSaid(
                subscription,
                EventJson.Those(EventJson.Text(details, "metadata", "subscription") ?? EventJson.Text(first, "metadata", "subscription")),
                reason == "subscription_create",
                lines.Select(line => EventJson.Seconds(line, "period", "end")).Max(),
                EventJson.Id(first, "pricing", "price_details", "price") ?? EventJson.Id(first, "price")),
        };
    }

    /// <summary>Which intent paid an invoice: refunds and disputes name that.</summary>
    public static PaymentEvent OfPayment(PaymentEvent said, JsonElement? thing) =>
        EventJson.Id(thing, "invoice") is { } invoice && EventJson.Id(thing, "payment", "payment_intent") is { } intent
            ? said with { Kind = PaymentEventKind.Named, PaymentId = invoice, Aliases = [intent] }
            : said;

    public static PaymentEvent OfSubscription(PaymentEvent said, string type, JsonElement? thing)
    {
        if (EventJson.Text(thing, "id") is not { } id)
        {
            return said with { Kind = PaymentEventKind.UnknownShape };
        }

        var state = type == "customer.subscription.deleted" ? SubscriptionState.Ended : StateOf(EventJson.Text(thing, "status"));
        var isEnding = EventJson.Truth(thing, "cancel_at_period_end") == true || EventJson.Whole(thing, "cancel_at") is not null;
        var ends = EventJson.Items(thing, "items", "data").Select(item => EventJson.Seconds(item, "current_period_end"))
            .Append(EventJson.Seconds(thing, "current_period_end")).Max();
        return said with
        {
            Kind = PaymentEventKind.SubscriptionChanged,
            References = EventJson.Those(EventJson.Text(thing, "metadata", "order")),
            CustomerId = EventJson.Id(thing, "customer"),
            Subscription = new SubscriptionSaid(
                id, EventJson.Those(EventJson.Text(thing, "metadata", "subscription")),
                Facts: new SubscriptionFacts(id, state, isEnding, ends)),
        };
    }

    /// <summary>As Stripe calls it. One whose first payment is not there yet is behind with it.</summary>
    public static SubscriptionState StateOf(string? status) => status switch
    {
        "active" or "trialing" => SubscriptionState.Active,
        "canceled" or "incomplete_expired" => SubscriptionState.Ended,
        _ => SubscriptionState.PastDue,
    };
}
