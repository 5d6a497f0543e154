using System.Collections.Frozen;
using MeteringGateway.Ledger.Reading;

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
    private const string RefundDebit = "REFUND_DEBIT";
    private const string SupportCredit = "SUPPORT_CREDIT";
    private const string TopUp = "top_up";
    private const string Deducted = "deduction";

    private static readonly FrozenDictionary<string, EntryName> Names = new Dictionary<string, EntryName>
    {
        ["usage"] = new("usage", Deduction, "ai_usage", "USAGE_DEBIT", Deducted),
        ["purchase"] = new("purchase", "Purchase", "purchase", "CREDIT_PURCHASE", TopUp),
        ["subscription"] = new("subscription", "Purchase", "subscription", "CREDIT_PURCHASE", TopUp),
        ["refund"] = new("refund", "Refund", "refund", RefundDebit, "refund"),
        ["dispute"] = new("dispute", "Refund", "dispute", RefundDebit, "refund"),
        ["debt"] = new("debt", "Refund", "debt", RefundDebit, "refund"),
        ["reinstated"] = new("reinstated", "Refund", "reinstated", SupportCredit, "refund"),
        ["reversal"] = new("reversal", "Refund", "reversal", RefundDebit, "refund"),
        ["bonus"] = Gift("bonus"),
        ["support"] = Gift("support"),
        ["checkin"] = Gift("checkin"),
        ["coupon"] = Gift("coupon"),
    }.ToFrozenDictionary();

    /// <summary>
    /// A type that is not in the table (an adjustment, an expiry) keeps its name where the list is open, and goes by its sign elsewhere. So
    /// does, in the closed lists, one that came with the sign that its name doesn't have: a refund that gives credits back to the customer
    /// is no debit, and a bonus that is taken back is no gift.
    /// </summary>
    public static EntryName Of(string entryType, long delta)
    {
        var name = Names.GetValueOrDefault(entryType) ?? Gift(entryType);
        return delta < 0
            ? name with
            {
                Dessert = name.Dessert == Bonus ? Deduction : name.Dessert,
                Conduit = name.Conduit == SupportCredit ? RefundDebit : name.Conduit,
                Wren = name.Wren == TopUp ? Deducted : name.Wren,
            }
            : name with { Conduit = name.Conduit == RefundDebit ? SupportCredit : name.Conduit };
    }

    private static EntryName Gift(string type) => new(type, Bonus, type, SupportCredit, TopUp);

    /// <summary>Which of our entries an API shows as this type. Where its list is closed, another name is a slip.</summary>
    /// <param name="shown">What the caller asks for.</param>
    /// <param name="name">Which API's name.</param>
    public static (TypeFilter? Types, string? Fault) ShownAs(string shown, Func<EntryName, string> name)
    {
        // A type of its own name, in no table: what an open list calls it is that name, and what a closed list calls it goes by the sign.
        // Its name is one that no request can ask for, as no query takes control characters.
        const string Other = "\0";
        string[] known = [.. Names.Keys];
        string[] candidates = Names.ContainsKey(shown) ? known : [.. known, shown];
        var types = new TypeFilter(
            [.. candidates.Where(type => name(Of(type, 1)) == shown)],
            [.. candidates.Where(type => name(Of(type, -1)) == shown)],
            name(Of(Other, 1)) == shown,
            name(Of(Other, -1)) == shown,
            known);
        var all = known.Append(Other).SelectMany(type => new[] { name(Of(type, 1)), name(Of(type, -1)) }).Distinct()
            .Order(StringComparer.Ordinal).ToList();
        var isClosed = !all.Contains(Other);
        return isClosed && !all.Contains(shown) ? (null, "must be " + string.Join(" or ", all)) : (types, null);
    }
}
