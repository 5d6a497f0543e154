using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>Checks and reads Creem's events.</summary>
internal sealed class CreemWebhook(IOptions<CreemOptions> options) : IPaymentWebhook
{
    public const string Name = "creem";

    public string Channel => Name;
    public string Section => CreemOptions.Section;
    public bool IsConfigured => options.Value.WebhookSecret is { Length: > 0 };
    public bool LiveMode => options.Value.IsLive;
    public bool NeedsProduct => true;

    /// <summary>Hex over the body alone. It carries no time, so only the event's id tells a repeat.</summary>
    public bool Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        WebhookMac.Equal(headers["creem-signature"].ToString().Trim(), WebhookMac.Of(body, options.Value.WebhookSecret!));

    /// <summary>What we sent as <c>request_id</c> comes back in them.</summary>
    public PaymentEvent? Read(JsonElement root)
    {
        var (id, type, thing) = (EventJson.Text(root, "id"), EventJson.Text(root, "eventType"), EventJson.At(root, "object"));
        var payment = EventJson.Text(thing, "order", "id");
        if (!EventJson.IsId(id) || !EventJson.IsId(type) || (payment is not null && !EventJson.IsId(payment)))
        {
            return null;
        }

        var isPaid = type == "checkout.completed" && EventJson.Text(thing, "order", "status") == "paid";
        return new PaymentEvent(
            id!,
            type!,
            isPaid ? PaymentEventKind.Paid : PaymentEventKind.Other,
            EventJson.Those(EventJson.Text(thing, "metadata", "order"), EventJson.Text(thing, "request_id")),
            payment,
            EventJson.Whole(thing, "order", "amount"),
            EventJson.Text(thing, "order", "currency")?.ToUpperInvariant(),
            EventJson.Text(thing, "mode") is { } mode ? mode is "live" or "prod" : null);
    }
}
