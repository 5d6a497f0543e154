namespace MeteringGateway.Rewards;

/// <summary>Credits that an account has earned, as PostgreSQL has them.</summary>
internal sealed record RewardRow
{
    public const string Pending = "pending";
    public const string Applied = "applied";
    public const string Refused = "refused";

    /// <summary>What the ledger books it under; the same on every attempt, so it is booked once.</summary>
    public required string EntryId { get; init; }
    public long AccountId { get; init; }
    public long Credits { get; init; }
    public required string EntryType { get; init; }
    public required string Description { get; init; }
    public required string Status { get; init; }
    public long? BalanceAfter { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
