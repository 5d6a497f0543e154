using System.Text.Json.Serialization;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Dialects.Wren;

internal sealed record WrenTopUp(
    [property: JsonPropertyName("amountCharged")] long AmountCharged,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("creditBalance")] long? CreditBalance);

internal sealed record WrenBalance([property: JsonPropertyName("creditBalanceUsdCents")] long CreditBalanceUsdCents);

internal sealed record WrenLedger(IReadOnlyList<WrenEntry> Entries, long Total, int Limit, int Offset);

internal sealed record WrenEntry(
    string Id, long AmountUsdCents, string Type, string? OrderGroupId, string? StripeChargeId, string? Description, string CreatedAt)
{
    private const string TopUp = "top_up";
    private const string Deduction = "deduction";

    public static WrenEntry Of(LedgerEntry entry, CreditPrice price)
    {
        var type = EntryNames.Of(entry.EntryType, entry.CreditsDelta).Wren;

        // Our request is Wren's order: its id is what a deduction belongs to.
        return new WrenEntry(
            entry.EntryId,
            price.CentsFor(entry.CreditsDelta),
            type,
            type == Deduction ? entry.EntryId : null,
            type == TopUp ? PaymentFacts.Of(entry).PaymentId : null,
            entry.Description,
            WireMoment.Milliseconds(entry.OccurredAt));
    }
}
