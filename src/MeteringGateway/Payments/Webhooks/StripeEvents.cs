using System.Text.Json;

namespace MeteringGateway.Payments.Webhooks;

/// <summary>Reads Stripe's events. A checkout and its payment intent each tell of one payment, under the intent's id.</summary>
internal static class StripeEvents
{
    /// <summary>Null: not an event.</summary>
    public static PaymentEvent? Read(JsonElement root)
    {
        var (id, type, thing) = (EventJson.Text(root, "id"), EventJson.Text(root, "type"), EventJson.At(root, "data", "object"));
        if (!EventJson.IsId(id) || !EventJson.IsId(type))
        {
            return null;
        }

        var isCheckout = type!.StartsWith("checkout.session.", StringComparison.Ordinal);
        var payment = isCheckout ? EventJson.Text(thing, "payment_intent") ?? EventJson.Text(thing, "subscription") ?? EventJson.Text(thing, "id") : EventJson.Text(thing, "id");
        if (payment is not null && !EventJson.IsId(payment))
        {
            return null;
        }

        return new PaymentEvent(
            id!,
            type,
            KindOf(type, EventJson.Text(thing, "payment_status")),
            EventJson.Those(EventJson.Text(thing, "metadata", "order"), EventJson.Text(thing, "client_reference_id")),
            payment,
            isCheckout ? EventJson.Whole(thing, "amount_total") : EventJson.Whole(thing, "amount_received") ?? EventJson.Whole(thing, "amount"),
            EventJson.Text(thing, "currency")?.ToUpperInvariant(),
            EventJson.Truth(root, "livemode"));
    }

    // A checkout completes before a slow payment (a bank debit) has arrived; then its payment_status is unpaid.
    private static PaymentEventKind KindOf(string type, string? paymentStatus) => type switch
    {
        "checkout.session.completed" => paymentStatus == "paid" ? PaymentEventKind.Paid : PaymentEventKind.Other,
        "checkout.session.async_payment_succeeded" or "payment_intent.succeeded" => PaymentEventKind.Paid,
        "checkout.session.async_payment_failed" => PaymentEventKind.Failed,
        "checkout.session.expired" or "payment_intent.canceled" => PaymentEventKind.Expired,
        _ => PaymentEventKind.Other,
    };
}
