using System.Text.Json;

namespace MeteringGateway.Payments.Webhooks;

/// <summary>Reads Creem's events. What we sent as <c>request_id</c> comes back in them.</summary>
internal static class CreemEvents
{
    /// <summary>Null: not an event.</summary>
    public static PaymentEvent? Read(JsonElement root)
    {
        var (id, type, thing) = (EventJson.Text(root, "id"), EventJson.Text(root, "eventType"), EventJson.At(root, "object"));
        var payment = EventJson.Text(thing, "order", "id");
        if (!EventJson.IsId(id) || !EventJson.IsId(type) || (payment is not null && !EventJson.IsId(payment)))
        {
            return null;
        }

        return new PaymentEvent(
            id!,
            type!,
            type == "checkout.completed" && EventJson.Text(thing, "order", "status") == "paid" ? PaymentEventKind.Paid : PaymentEventKind.Other,
            EventJson.Those(EventJson.Text(thing, "metadata", "order"), EventJson.Text(thing, "request_id")),
            payment,
            EventJson.Whole(thing, "order", "amount"),
            EventJson.Text(thing, "order", "currency")?.ToUpperInvariant(),
            EventJson.Text(thing, "mode") is { } mode ? mode is "live" or "prod" : null);
    }
}
