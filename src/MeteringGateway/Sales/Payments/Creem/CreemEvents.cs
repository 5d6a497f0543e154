using System.Text.Json;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>
/// Reads what Creem tells. A payment that is made once is called by its order, a month of a subscription by its transaction: the order of a
/// subscription is the same for all its months.
/// </summary>
internal static class CreemEvents
{
    /// <summary>Null: not an event.</summary>
    public static PaymentEvent? Read(JsonElement root)
    {
        var (id, type, thing) = (EventJson.Text(root, "id"), EventJson.Text(root, "eventType"), EventJson.At(root, "object"));
        if (!EventJson.IsId(id) || !EventJson.IsId(type))
        {
            return null;
        }

        var said = new PaymentEvent(id!, type!, PaymentEventKind.Other, [], null, null, null, CreemFacts.IsLive(thing))
        {
            CustomerId = CreemFacts.IdOf(thing, "customer"),
            OccurredAt = CreemFacts.Instant(root, "created_at"),
        };
        said = type switch
        {
            "checkout.completed" => Checkout(said, thing),
            "subscription.paid" => Month(said, thing, EventJson.At(thing, "last_transaction")),
            "subscription.past_due" or "subscription.unpaid" => Changed(said, thing, PaymentEventKind.MonthRefused),
            "subscription.active" or "subscription.trialing" or "subscription.canceled" or "subscription.scheduled_cancel"
                or "subscription.expired" or "subscription.update" or "subscription.paused" =>
                Changed(said, thing, PaymentEventKind.SubscriptionChanged),
            "refund.created" => Refund(said, thing),
            "dispute.created" => Dispute(said, thing),
            _ => said,
        };
        return HasIds(said) ? said : null;
    }

    /// <summary>Of what is paid again and again, this is the beginning alone: the same money is told as <c>subscription.paid</c>.</summary>
    private static PaymentEvent Checkout(PaymentEvent said, JsonElement? thing)
    {
        var order = EventJson.At(thing, "order");
        var (subscription, status) = (CreemFacts.IdOf(thing, "subscription"), EventJson.Text(order, "status"));
        said = said with
        {
            References = EventJson.Those(EventJson.Text(thing, "metadata", CreemFacts.OrderKey), EventJson.Text(thing, "request_id")),
            CheckoutId = EventJson.Text(thing, "id"),
            AmountCents = EventJson.Whole(order, "amount"),
            Currency = CreemFacts.Currency(order),
            PaidCents = CreemFacts.Paid(order),
            PaymentId = EventJson.Text(order, "id"),
            Aliases = EventJson.Those(EventJson.Text(order, "transaction")),
        };
        if (EventJson.Text(order, "type") == "recurring" || subscription is not null)
        {
            said = said with { PaymentId = null, Aliases = [] };
            var references = CreemFacts.References(thing, CreemFacts.SubscriptionKey);
            return subscription is null ? said : said with
            {
                Kind = PaymentEventKind.SubscriptionChanged,
                Subscription = Said(subscription, EventJson.At(thing, "subscription"), references),
            };
        }

        return said with
        {
            Kind = status == "paid" && said is { PaymentId: not null, AmountCents: not null, Currency: not null } ? PaymentEventKind.Paid
                : status is null or "paid" ? PaymentEventKind.UnknownShape
                : PaymentEventKind.Other,
        };
    }

    /// <param name="said">What is known so far.</param>
    /// <param name="thing">The subscription.</param>
    /// <param name="transaction">Of the month; where Creem leaves it out, the subscription has its id and the product its price.</param>
    public static PaymentEvent Month(PaymentEvent said, JsonElement? thing, JsonElement? transaction)
    {
        var (subscription, product) = (EventJson.Text(thing, "id"), EventJson.At(thing, "product"));
        var payment = EventJson.Text(transaction, "id") ?? EventJson.Text(thing, "last_transaction_id");
        said = said with
        {
            PaymentId = payment,
            AmountCents = EventJson.Whole(transaction, "amount") ?? EventJson.Whole(product, "price"),
            Currency = CreemFacts.Currency(transaction) ?? CreemFacts.Currency(product),
            PaidCents = CreemFacts.Paid(transaction),
            Subscription = subscription is null
                ? null
                : Said(subscription, thing, CreemFacts.References(thing, CreemFacts.SubscriptionKey)) with
                {
                    PeriodEnd = CreemFacts.Instant(transaction, "period_end") ?? CreemFacts.Date(thing, "current_period_end_date"),
                },
        };
        return said with
        {
            Kind = said is { PaymentId: not null, AmountCents: not null, Currency: not null, Subscription: not null }
                ? PaymentEventKind.MonthPaid
                : PaymentEventKind.UnknownShape,
        };
    }

    public static PaymentEvent Changed(PaymentEvent said, JsonElement? thing, PaymentEventKind kind) =>
        CreemFacts.Subscription(thing) is { } facts
            ? said with
            {
                Kind = kind,
                Subscription = Said(facts.ProviderId, thing, CreemFacts.References(thing, CreemFacts.SubscriptionKey)),
            }
            : said with { Kind = PaymentEventKind.UnknownShape };

    private static PaymentEvent Refund(PaymentEvent said, JsonElement? thing)
    {
        ReversalState? state = EventJson.Text(thing, "status") switch
        {
            "pending" or "requiresAction" => ReversalState.Pending,
            "succeeded" => ReversalState.Effective,
            "failed" or "canceled" => ReversalState.Undone,
            _ => null,
        };
        return Reversal(said, thing, ReversalSaid.Refund, state, EventJson.Whole(thing, "refund_amount"), "refund_currency");
    }

    /// <summary>The money is gone when a dispute is told of; there is no event of one that was won.</summary>
    private static PaymentEvent Dispute(PaymentEvent said, JsonElement? thing) =>
        Reversal(said, thing, ReversalSaid.Dispute, ReversalState.Effective, EventJson.Whole(thing, "amount"), "currency");

    private static PaymentEvent Reversal(
        PaymentEvent said, JsonElement? thing, string kind, ReversalState? state, long? amount, string currency)
    {
        var (id, transaction) = (EventJson.Text(thing, "id"), EventJson.At(thing, "transaction"));
        var (payment, aliases) = PaymentOf(transaction, CreemFacts.IdOf(thing, "order"));
        return id is null || payment is null || state is null || amount is not >= 0
            ? said with { Kind = PaymentEventKind.UnknownShape, PaymentId = payment }
            : said with
            {
                Kind = PaymentEventKind.Reversed,
                References = CreemFacts.References(EventJson.At(thing, "checkout"), CreemFacts.OrderKey),
                PaymentId = payment,
                Aliases = aliases,
                Currency = CreemFacts.Currency(thing, currency) ?? CreemFacts.Currency(transaction),
                PaidCents = CreemFacts.Paid(transaction),
                Reversal = new ReversalSaid(id, kind, state.Value, amount.Value),
            };
    }

    /// <summary>What the payment of a transaction is called here, and what else it may be called.</summary>
    public static (string? Payment, IReadOnlyList<string> Aliases) PaymentOf(JsonElement? transaction, string? orderId = null)
    {
        var id = EventJson.Text(transaction, "id");
        var order = EventJson.Text(transaction, "order") ?? orderId;
        return EventJson.Text(transaction, "type") == "invoice" || EventJson.Text(transaction, "subscription") is not null || order is null
            ? (id, [])
            : (order, EventJson.Those(id));
    }

    private static SubscriptionSaid Said(string id, JsonElement? subscription, IReadOnlyList<string> references) => new(
        id,
        references,
        PeriodEnd: CreemFacts.Date(subscription, "current_period_end_date"),
        ProductId: CreemFacts.IdOf(subscription, "product"),
        Facts: CreemFacts.Subscription(subscription));

    /// <summary>Whether every id that would be kept could be one.</summary>
    public static bool HasIds(PaymentEvent said)
    {
        var (reversal, subscription) = (said.Reversal, said.Subscription);
        string?[] ids =
        [
            said.PaymentId, said.CheckoutId, said.CustomerId, reversal?.Id, subscription?.ProviderId, subscription?.ProductId,
            .. said.Aliases,
        ];
        return ids.All(id => id is null || EventJson.IsId(id));
    }
}
