using System.Globalization;
using MeteringGateway.Accounts.Payouts;

namespace MeteringGateway.Sales.Reversals;

internal static class MovementKind
{
    public const string Refund = "refund";
    public const string Dispute = "dispute";
    public const string Reinstated = "reinstated";
    public const string Debt = "debt";
}

/// <summary>Credits that a refund, a dispute or a debt moves, as PostgreSQL has it.</summary>
internal sealed record MovementRow : IPayoutRow
{
    /// <summary><c>refund:re_1</c>, <c>dispute:dp_1</c>, <c>reinstated:dp_1</c>, <c>debt:42</c>.</summary>
    public required string EntryId { get; init; }
    public long AccountId { get; init; }
    public long OrderId { get; init; }
    public required string Kind { get; init; }

    /// <summary>How many are to move.</summary>
    public long Credits { get; init; }

    /// <summary>What this attempt moves: less than 0 takes; 0: nothing is free to be taken.</summary>
    public long Amount { get; init; }
    public int Attempt { get; init; }
    public required string Status { get; init; }

    /// <summary>Of one that is applied: how many moved.</summary>
    public long? Moved { get; init; }
    public string? PaymentId { get; init; }

    public static string DebtEntry(long orderId) => string.Create(CultureInfo.InvariantCulture, $"{MovementKind.Debt}:{orderId}");
}
