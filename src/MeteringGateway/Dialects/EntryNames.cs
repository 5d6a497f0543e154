using System.Collections.Frozen;

namespace MeteringGateway.Dialects;

/// <summary>What each published API calls one type of ledger entry.</summary>
internal sealed record EntryName(string Kendr, string Dessert, string Billing, string Conduit, string Wren);

/// <summary>
/// The one place that maps our entry types to the names of the five dialects. Dessert, Conduit and Wren publish closed lists,
/// so each of our types has to be one of theirs; <c>docs/dialects.md</c> has this table too.
/// </summary>
internal static class EntryNames
{
    private const string Deduction = "Deduction";
    private const string Bonus = "Bonus";

    private static readonly FrozenDictionary<string, EntryName> Names = new Dictionary<string, EntryName>
    {
        ["usage"] = new("usage", Deduction, "ai_usage", "USAGE_DEBIT", "deduction"),
        ["purchase"] = new("purchase", "Purchase", "purchase", "CREDIT_PURCHASE", "top_up"),
        ["subscription"] = new("subscription", "Purchase", "subscription", "CREDIT_PURCHASE", "top_up"),
        ["refund"] = new("refund", "Refund", "refund", "REFUND_DEBIT", "refund"),
        ["reversal"] = new("reversal", "Refund", "reversal", "REFUND_DEBIT", "refund"),
        ["bonus"] = Gift("bonus"),
        ["support"] = Gift("support"),
        ["checkin"] = Gift("checkin"),
        ["coupon"] = Gift("coupon"),
    }.ToFrozenDictionary();

    /// <summary>A type that is not in the table (an adjustment, an expiry) keeps its name where the list is open, and goes by its sign elsewhere.</summary>
    public static EntryName Of(string entryType, long delta) =>
        Names.TryGetValue(entryType, out var name) ? name
        : delta < 0 ? new EntryName(entryType, Deduction, entryType, "REFUND_DEBIT", "deduction")
        : Gift(entryType);

    private static EntryName Gift(string type) => new(type, Bonus, type, "SUPPORT_CREDIT", "top_up");
}
