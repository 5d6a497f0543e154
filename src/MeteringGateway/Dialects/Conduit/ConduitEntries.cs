using MeteringGateway.Calls.Pricing;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Dialects.Conduit;

/// <summary>
/// One entry in Conduit's words. Its metadata names the surface as <c>model</c> and the payment as <c>stripePaymentId</c>,
/// beside whatever the ledger keeps.
/// </summary>
internal static class ConduitEntries
{
    public static ConduitEntry Of(LedgerEntry entry, CreditPrice price) => new(
        entry.EntryId,
        EntryNames.Of(entry.EntryType, entry.CreditsDelta).Conduit,
        price.CentsFor(entry.CreditsDelta),
        price.CentsFor(entry.BalanceAfter),
        Metadata(entry),
        WireMoment.Milliseconds(entry.OccurredAt));

    private static Dictionary<string, object> Metadata(LedgerEntry entry)
    {
        var metadata = new Dictionary<string, object>();
        Add("model", entry.Surface);
        Add("provider", entry.Provider);
        Add("stripePaymentId", PaymentFacts.Of(entry).PaymentId);
        Add("description", entry.Description);
        if (entry.Metadata is { ValueKind: System.Text.Json.JsonValueKind.Object } kept)
        {
            foreach (var property in kept.EnumerateObject())
            {
                metadata.TryAdd(property.Name, property.Value);
            }
        }

        return metadata;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                metadata[name] = value;
            }
        }
    }
}
