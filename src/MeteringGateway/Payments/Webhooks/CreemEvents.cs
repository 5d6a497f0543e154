using System.Text.Json;

namespace MeteringGateway.Payments.Webhooks;

/// <summary>Reads Creem's events. What we sent as <c>request_id</c> comes back in them.</summary>
internal static class CreemEvents
{
    /// <summary>Null: not an event.</summary>
    public static PaymentEvent? Read(JsonElement root)
    {
        if (EventJson.Text(root, "id") is not { Length: >= 1 and <= 255 } id || EventJson.Text(root, "eventType") is not { Length: >= 1 and <= 255 } type)
        {
            return null;
        }

        var thing = EventJson.At(root, "object");
        return new PaymentEvent(
            id,
            type,
            type == "checkout.completed" && EventJson.Text(thing, "order", "status") == "paid" ? PaymentEventKind.Paid : PaymentEventKind.Other,
            EventJson.Text(thing, "request_id") ?? EventJson.Text(thing, "metadata", "order"),
            EventJson.Text(thing, "order", "id"),
            EventJson.Whole(thing, "order", "amount"),
            EventJson.Text(thing, "order", "currency")?.ToUpperInvariant(),
            EventJson.Text(thing, "mode") is { } mode ? mode is "live" or "prod" : null);
    }
}
