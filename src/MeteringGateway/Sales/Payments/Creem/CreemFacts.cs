using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>What Creem's objects say in our words; the same in answers, in lists and in events.</summary>
internal static class CreemFacts
{
    /// <summary>What is written into a checkout's metadata; Creem copies it to the subscription that comes of it.</summary>
    public const string OrderKey = "order";
    public const string SubscriptionKey = "subscription";

    /// <summary>An object, or its id alone.</summary>
    public static string? IdOf(JsonElement? thing, string name) => EventJson.Text(thing, name) ?? EventJson.Text(thing, name, "id");

    public static IReadOnlyList<string> References(JsonElement? thing, string key) =>
        EventJson.Those(EventJson.Text(thing, "metadata", key));

    /// <summary>An order or a transaction: what the customer paid in all.</summary>
    public static long? Paid(JsonElement? thing) =>
        EventJson.Whole(thing, "amount_paid") is > 0 and var paid ? paid
        : EventJson.Whole(thing, "amount") is { } amount and < long.MaxValue / 2
            && EventJson.Whole(thing, "tax_amount") is var tax and (null or (>= 0 and < long.MaxValue / 2)) ? amount + (tax ?? 0)
        : null;

    public static string? Currency(JsonElement? thing, string name = "currency") => EventJson.Text(thing, name)?.ToUpperInvariant();

    public static bool? IsLive(JsonElement? thing) => EventJson.Text(thing, "mode") is { } mode ? mode is "live" or "prod" : null;

    /// <summary>Milliseconds since 1970.</summary>
    public static DateTimeOffset? Instant(JsonElement? thing, string name) =>
        EventJson.Whole(thing, name) is >= 0 and <= 253_402_300_799_999 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public static DateTimeOffset? Date(JsonElement? thing, string name) =>
        DateTimeOffset.TryParse(
            EventJson.Text(thing, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUniversalTime()
            : null;

    /// <summary>
    /// Null: it has no id, or stands in a way that is not known. One that is paused charges nothing until it is resumed, so it ends with
    /// what is paid unless that is taken back.
    /// </summary>
    public static SubscriptionFacts? Subscription(JsonElement? thing)
    {
        SubscriptionState? state = EventJson.Text(thing, "status") switch
        {
            "active" or "trialing" or "scheduled_cancel" or "paused" => SubscriptionState.Active,
            "past_due" or "unpaid" => SubscriptionState.PastDue,
            "canceled" or "expired" => SubscriptionState.Ended,
            _ => null,
        };
        return state is { } known && EventJson.Text(thing, "id") is { } id && EventJson.IsId(id)
            ? new SubscriptionFacts(
                id, known, EventJson.Text(thing, "status") is "scheduled_cancel" or "paused", Date(thing, "current_period_end_date"))
            : null;
    }
}
