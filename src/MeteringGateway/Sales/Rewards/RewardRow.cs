using MeteringGateway.Accounts.Payouts;

namespace MeteringGateway.Sales.Rewards;

/// <summary>Credits that an account has earned, as PostgreSQL has them.</summary>
internal sealed record RewardRow : IPayoutRow
{
    /// <inheritdoc/>
    public required string EntryId { get; init; }
    public long AccountId { get; init; }
    public long Credits { get; init; }
    public required string EntryType { get; init; }
    public required string Description { get; init; }
    public required string Status { get; init; }
    public long? BalanceAfter { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
