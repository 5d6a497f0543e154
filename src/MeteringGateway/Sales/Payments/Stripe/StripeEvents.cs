using System.Text.Json;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>
/// Reads Stripe's events, whichever version of its API they are written in: each fact from where the pinned version has it, else from
/// where it was before. What tells of money and has its facts in neither place is <see cref="PaymentEventKind.UnknownShape"/>.
/// </summary>
internal static class StripeEvents
{
    /// <summary>The version that this reader and the calls to Stripe are made for; webhook endpoints are to be pinned to it.</summary>
    public const string ApiVersion = "2026-10-28.endive";

    /// <summary>What a webhook endpoint has to send, and what the catch-up asks for.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
        "checkout.session.expired", "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
        "invoice.paid", "invoice.payment_failed", "invoice.payment_action_required", "invoice_payment.paid",
        "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted",
        "refund.created", "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.updated",
        "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "charge.dispute.closed", "setup_intent.succeeded",
        "payment_method.attached", "payment_method.updated", "payment_method.automatically_updated", "payment_method.detached",
    ];

    /// <summary>Null: no event of Stripe's.</summary>
    public static PaymentEvent? Read(JsonElement root)
    {
        var (id, type, thing) = (EventJson.Text(root, "id"), EventJson.Text(root, "type"), EventJson.At(root, "data", "object"));
        if (!EventJson.IsId(id) || !EventJson.IsId(type))
        {
            return null;
        }

        var said = Of(new PaymentEvent(id!, type!, PaymentEventKind.Other, [], null, null, null, null), type!, root, thing) with
        {
            IsLive = EventJson.Truth(root, "livemode"),
            Currency = EventJson.Text(thing, "currency")?.ToUpperInvariant(),
            OccurredAt = EventJson.Seconds(root, "created"),
            ApiVersion = EventJson.Text(root, "api_version"),
        };
        return IdsOf(said).All(EventJson.IsId) ? said : null;
    }

    private static PaymentEvent Of(PaymentEvent said, string type, JsonElement root, JsonElement? thing) => type switch
    {
        _ when type.StartsWith("checkout.session.", StringComparison.Ordinal) => OfCheckout(said, type, thing),
        _ when type.StartsWith("payment_intent.", StringComparison.Ordinal) => OfIntent(said, type, thing),
        "invoice.paid" or "invoice.payment_failed" or "invoice.payment_action_required" => StripeInvoices.Of(said, type, thing),
        "invoice_payment.paid" => StripeInvoices.OfPayment(said, thing),
        _ when type.StartsWith("customer.subscription.", StringComparison.Ordinal) => StripeInvoices.OfSubscription(said, type, thing),
        "refund.created" or "refund.updated" or "refund.failed" or "charge.refund.updated" =>
            OfReversal(said, ReversalSaid.Refund, RefundState(type, EventJson.Text(thing, "status")), thing),
        _ when type.StartsWith("charge.dispute.", StringComparison.Ordinal) =>
            OfReversal(said, ReversalSaid.Dispute, DisputeState(type, EventJson.Text(thing, "status")), thing),
        "setup_intent.succeeded" => said with
        {
            Kind = PaymentEventKind.MethodSaved,
            CustomerId = EventJson.Id(thing, "customer"),
            MethodOf = EventJson.Text(thing, "id"),
        },
        _ when type.StartsWith("payment_method.", StringComparison.Ordinal) => OfMethod(said, type, root, thing),
        _ => said,
    };

    // A checkout completes before a slow payment (a bank debit) has arrived; then its payment_status is unpaid.
    private static PaymentEvent OfCheckout(PaymentEvent said, string type, JsonElement? thing)
    {
        var (id, intent, subscription) =
            (EventJson.Text(thing, "id"), EventJson.Id(thing, "payment_intent"), EventJson.Id(thing, "subscription"));
        var mode = EventJson.Text(thing, "mode") ?? (subscription is null ? "payment" : "subscription");
        said = said with
        {
            References = EventJson.Those(EventJson.Text(thing, "metadata", "order"), EventJson.Text(thing, "client_reference_id")),
            CheckoutId = id,
            CustomerId = EventJson.Id(thing, "customer"),
            PaymentId = intent ?? id,
            AmountCents = EventJson.Whole(thing, "amount_subtotal") ?? EventJson.Whole(thing, "amount_total"),
            PaidCents = EventJson.Whole(thing, "amount_total"),
        };
        return (mode, type) switch
        {
            ("setup", "checkout.session.completed") =>
                said with { Kind = PaymentEventKind.MethodSaved, MethodOf = EventJson.Id(thing, "setup_intent"), PaymentId = null },
            ("subscription", "checkout.session.completed") => subscription is null
                ? said with { Kind = PaymentEventKind.UnknownShape }
                : said with
                {
                    Kind = PaymentEventKind.SubscriptionChanged,
                    PaymentId = null,
                    Subscription = new SubscriptionSaid(subscription, EventJson.Those(EventJson.Text(thing, "metadata", "subscription"))),
                },
            ("payment", "checkout.session.completed") =>
                said with { Kind = IsPaid(thing) ? PaymentEventKind.Paid : PaymentEventKind.Other },
            ("payment", "checkout.session.async_payment_succeeded") => said with { Kind = PaymentEventKind.Paid },
            ("payment", "checkout.session.async_payment_failed") => said with { Kind = PaymentEventKind.Failed },
            ("payment" or "subscription", "checkout.session.expired") => said with { Kind = PaymentEventKind.Expired },
            _ => said,
        };
    }

    /// <summary>Paid, or nothing was left to pay after a discount of the operator's.</summary>
    private static bool IsPaid(JsonElement? thing) => EventJson.Text(thing, "payment_status") is "paid"
        || (EventJson.Text(thing, "payment_status") is "no_payment_required" && EventJson.Text(thing, "mode") is "payment");

    // Intents of invoices and of checkouts are told of, too; those have no reference of ours.
    private static PaymentEvent OfIntent(PaymentEvent said, string type, JsonElement? thing) => said with
    {
        Kind = type switch
        {
            "payment_intent.succeeded" => PaymentEventKind.Paid,
            "payment_intent.payment_failed" => PaymentEventKind.Failed,
            "payment_intent.canceled" => PaymentEventKind.Expired,
            _ => PaymentEventKind.Other,
        },
        IsCharge = true,
        References = EventJson.Those(EventJson.Text(thing, "metadata", "order")),
        PaymentId = EventJson.Text(thing, "id"),
        AmountCents = EventJson.Whole(thing, "amount_received") ?? EventJson.Whole(thing, "amount"),
        CustomerId = EventJson.Id(thing, "customer"),
        Aliases = EventJson.Those(EventJson.Id(thing, "latest_charge")),
    };

    private static PaymentEvent OfReversal(PaymentEvent said, string kind, ReversalState state, JsonElement? thing)
    {
        var (id, charge) = (EventJson.Text(thing, "id"), EventJson.Id(thing, "charge"));
        var payment = EventJson.Id(thing, "payment_intent") ?? charge;
        return id is null || payment is null || EventJson.Whole(thing, "amount") is not (>= 0 and var amount)
            ? said with { Kind = PaymentEventKind.UnknownShape }
            : said with
            {
                Kind = PaymentEventKind.Reversed,
                PaymentId = payment,
                Aliases = EventJson.Those(charge),
                AmountCents = amount,
                Reversal = new ReversalSaid(id, kind, state, amount),
            };
    }

    private static ReversalState RefundState(string type, string? status) => (type, status) switch
    {
        ("refund.failed", _) or (_, "failed" or "canceled") => ReversalState.Undone,
        (_, "succeeded") => ReversalState.Effective,
        _ => ReversalState.Pending,
    };

    // The money goes when a dispute opens, not when it is lost, and an inquiry (warning_*) takes none. A closed one says how it ended, also
    // where the event about the money was lost.
    private static ReversalState DisputeState(string type, string? status) => (type, status) switch
    {
        ("charge.dispute.funds_reinstated", _) or (_, "won" or "warning_closed" or "prevented") => ReversalState.Undone,
        ("charge.dispute.funds_withdrawn", _) or (_, "lost") => ReversalState.Effective,
        _ => ReversalState.Pending,
    };

    private static PaymentEvent OfMethod(PaymentEvent said, string type, JsonElement root, JsonElement? thing) => type switch
    {
        "payment_method.attached" or "payment_method.updated" or "payment_method.automatically_updated" => said with
        {
            Kind = PaymentEventKind.MethodSaved,
            CustomerId = EventJson.Id(thing, "customer"),
            // One that was taken off since must not come back.
            MethodOf = EventJson.Text(thing, "id"),
            Method = MethodOf(thing),
        },
        "payment_method.detached" => said with
        {
            Kind = PaymentEventKind.MethodGone,
            CustomerId = EventJson.Id(root, "data", "previous_attributes", "customer"),
            Method = MethodOf(thing),
        },
        _ => said,
    };

    private static MethodFacts? MethodOf(JsonElement? thing)
    {
        var (id, type) = (EventJson.Text(thing, "id"), EventJson.Text(thing, "type") ?? "card");
        return id is null ? null : new MethodFacts(
            id,
            EventJson.Text(thing, type, "brand") ?? type,
            EventJson.Text(thing, type, "last4") ?? "",
            (int?)EventJson.Whole(thing, type, "exp_month"),
            (int?)EventJson.Whole(thing, type, "exp_year"));
    }

    private static IEnumerable<string> IdsOf(PaymentEvent said) => said.Aliases.Concat(EventJson.Those(
        said.PaymentId, said.CheckoutId, said.CustomerId, said.Reversal?.Id, said.Subscription?.ProviderId, said.MethodOf,
        said.Method?.MethodId));
}
