using System.Text.Json;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Dialects;

/// <summary>What a purchase's entry remembers of its payment; all null for entries that no money was paid for.</summary>
internal readonly record struct PaymentFacts(string? PaymentId, long? PriceCents, string? Currency)
{
    public static PaymentFacts Of(LedgerEntry entry) =>
        entry.Metadata is { ValueKind: JsonValueKind.Object } metadata
            ? new PaymentFacts(Text(metadata, "payment_id"), Whole(metadata, "price_cents"), Text(metadata, "currency"))
            : default;

    /// <summary>Null where no dollars moved: another currency is no number of dollars, and what was free is no payment of none.</summary>
    public long? DollarCents => Currency == Calls.Pricing.Currency.Dollar && PriceCents is > 0 ? PriceCents : null;

    private static string? Text(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Whole(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;
}
