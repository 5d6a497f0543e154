using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// How many of an order's credits its refunds and disputes take back: a pure function of those that are in effect, whatever the order they
/// came in.
/// </summary>
internal static class ReversalRules
{
    /// <summary>
    /// In proportion to the money, rounded down, and all of them only where all of the money went. Money that a dispute took and a refund
    /// gives back, too, counts once.
    /// </summary>
    /// <param name="credits">What the order gave.</param>
    /// <param name="paidCents">What was paid for it in all.</param>
    /// <param name="inEffect">The refunds and disputes whose money is gone.</param>
    public static long Reversed(long credits, long paidCents, IEnumerable<ReversalRow> inEffect) =>
        paidCents <= 0 ? 0 : (long)(credits * Gone(paidCents, inEffect) / paidCents);

    /// <summary>How much of the money is gone.</summary>
    private static Int128 Gone(long paidCents, IEnumerable<ReversalRow> inEffect)
    {
        Int128 refunds = 0, total = 0, disputes = 0;
        foreach (var reversal in inEffect)
        {
            switch (reversal.Kind)
            {
                case ReversalSaid.Refund:
                    refunds += reversal.AmountCents;
                    break;
                case ReversalSaid.RefundTotal:
                    total = Int128.Max(total, reversal.AmountCents);
                    break;
                default:
                    disputes += reversal.AmountCents;
                    break;
            }
        }

        return Int128.Min(paidCents, Int128.Max(refunds, total) + disputes);
    }

    /// <summary>
    /// What the credits have to follow, one step each: what was over before it began moves nothing. What begins takes and what ends gives,
    /// also where months were handed out since the step before.
    /// </summary>
    /// <param name="credits">What the payment has given so far.</param>
    /// <param name="paidCents">What was paid for it in all.</param>
    /// <param name="reversed">How many were taken by the steps before.</param>
    /// <param name="all">Every refund and dispute of the payment that is known.</param>
    public static IEnumerable<ReversalStep> Steps(long credits, long paidCents, long reversed, IReadOnlyList<ReversalRow> all)
    {
        var inEffect = all.Where(reversal => reversal.Booked == ReversalRow.Effective).ToList();
        foreach (var reversal in all.Where(reversal => reversal.State != reversal.Booked))
        {
            var begins = reversal.State == ReversalRow.Effective;
            if (begins)
            {
                inEffect.Add(reversal);
            }
            else
            {
                inEffect.RemoveAll(other => other.ReversalId == reversal.ReversalId);
            }

            var change = Reversed(credits, paidCents, inEffect) - reversed;
            change = begins ? Math.Max(0, change) : Math.Min(0, change);
            reversed += change;
            yield return new ReversalStep(reversal, change, reversed, paidCents > 0 && Gone(paidCents, inEffect) >= paidCents);
        }
    }
}

/// <param name="Reversal">What has to be followed.</param>
/// <param name="Credits">More than 0: to be taken. Less: to be given back.</param>
/// <param name="Reversed">All that is taken then.</param>
/// <param name="IsAll">All of the money is gone then.</param>
internal readonly record struct ReversalStep(ReversalRow Reversal, long Credits, long Reversed, bool IsAll);

/// <summary>A refund or dispute, as PostgreSQL has it.</summary>
internal sealed record ReversalRow
{
    public const string Effective = "effective";

    public required string ReversalId { get; init; }
    public required string Kind { get; init; }
    public long AmountCents { get; init; }

    /// <summary>How far it is at the provider, and how far the credits have followed: pending, effective, undone.</summary>
    public required string State { get; init; }
    public required string Booked { get; init; }
}
