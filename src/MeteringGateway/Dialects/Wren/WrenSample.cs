using System.Globalization;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Dialects.Wren;

/// <summary>
/// What the document promises a test token: a balance of exactly $1,000.00 and a small ledger that leads to it,
/// in cents whatever a credit costs.
/// </summary>
internal static class WrenSample
{
    public const long BalanceCents = TestKeyCall.BalanceCents;

    /// <summary>Newest first. What the ledger calls an entry is what a filter by type looks at.</summary>
    private static readonly IReadOnlyList<(string EntryType, WrenEntry Entry)> s_entries =
    [
        ("refund", new("test-3", 300, "refund", null, null, "Test refund", "2026-01-08T09:00:00.000Z")),
        ("usage", new("test-2", -800, "deduction", "test-2", null, "Test order", "2026-01-07T09:00:00.000Z")),
        ("purchase", new("test-1", BalanceCents + 500, "top_up", null, TestKeyWallet.PaymentId, "Test top-up", "2026-01-06T09:00:00.000Z")),
    ];

    public static IReadOnlyList<WrenEntry> Entries { get; } = [.. s_entries.Select(one => one.Entry)];

    /// <summary>No key and no surface has made them, so a filter for one finds none.</summary>
    public static IReadOnlyList<WrenEntry> Find(EntryFilter filter) =>
        [.. s_entries.Where(one => filter.Matches(AsEntry(one.EntryType, one.Entry))).Select(one => one.Entry)];

    private static LedgerEntry AsEntry(string type, WrenEntry entry)
    {
        var at = DateTimeOffset.Parse(entry.CreatedAt, CultureInfo.InvariantCulture);
        return new LedgerEntry(entry.Id, 0, 0, entry.AmountUsdCents, 0, type, null, null, null, entry.Description, null, at, at);
    }
}
