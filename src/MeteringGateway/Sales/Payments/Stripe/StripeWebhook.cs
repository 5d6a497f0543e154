using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>Checks and reads Stripe's events.</summary>
internal sealed class StripeWebhook(IOptions<StripeOptions> options) : IPaymentWebhook
{
    public const string Name = "stripe";

    /// <summary>A signed text that was recorded can't be sent again later than this. Stripe's own default.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public string Channel => Name;
    public string Section => StripeOptions.Section;
    public bool IsConfigured => options.Value.WebhookSecret is { Length: > 0 };
    public bool LiveMode => options.Value.IsLive;
    public bool NeedsProduct => false;

    /// <summary>
    /// <c>t=unix,v1=hex[,v1=hex]</c> over <c>t.body</c>. While a secret is being replaced there are two v1, and one has to fit;
    /// other schemes are ignored, or the weakest would decide.
    /// </summary>
    public bool Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string? sent = null;
        var given = new List<string>();
        foreach (var part in headers["Stripe-Signature"].ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                sent = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                given.Add(part[3..]);
            }
        }

        if (!long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        var expected = WebhookMac.Of([.. Encoding.UTF8.GetBytes(sent + "."), .. body], options.Value.WebhookSecret!);
        var fits = false;
        foreach (var text in given)
        {
            fits |= WebhookMac.Equal(text, expected);
        }

        return fits;
    }

    /// <summary>A checkout and its payment intent each tell of one payment, under the intent's id.</summary>
    public PaymentEvent? Read(JsonElement root)
    {
        var (id, type, thing) = (EventJson.Text(root, "id"), EventJson.Text(root, "type"), EventJson.At(root, "data", "object"));
        if (!EventJson.IsId(id) || !EventJson.IsId(type))
        {
            return null;
        }

        var isCheckout = type!.StartsWith("checkout.session.", StringComparison.Ordinal);
        var payment = (isCheckout ? EventJson.Text(thing, "payment_intent") ?? EventJson.Text(thing, "subscription") : null)
            ?? EventJson.Text(thing, "id");
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
            isCheckout
                ? EventJson.Whole(thing, "amount_total")
                : EventJson.Whole(thing, "amount_received") ?? EventJson.Whole(thing, "amount"),
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
