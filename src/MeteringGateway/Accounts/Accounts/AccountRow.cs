namespace MeteringGateway.Accounts.Accounts;

/// <summary>An account as PostgreSQL has it.</summary>
internal sealed record AccountRow
{
    public long Id { get; init; }
    public required string Email { get; init; }
    public required string FullName { get; init; }
    public required string Kind { get; init; }
    public required string Status { get; init; }

    /// <summary>As of the last flush.</summary>
    public long CreditBalance { get; init; }
    public long? MonthlyBudget { get; init; }

    /// <summary>A notice is due when the balance falls to it.</summary>
    public long? LowBalanceMark { get; init; }
    public long Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
