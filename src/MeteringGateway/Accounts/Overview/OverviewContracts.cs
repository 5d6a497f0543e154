namespace MeteringGateway.Accounts.Overview;

/// <summary>An account at a glance.</summary>
/// <param name="Balance">
/// Credits, all calls counted that were answered before <paramref name="At"/>; null while Redis can't be asked.
/// </param>
/// <param name="Held">Credits of it that calls in flight hold.</param>
/// <param name="MonthlyBudget">The most that all keys together may spend in a month; null: none, or not known now.</param>
/// <param name="At">When it was looked at.</param>
/// <param name="Usage">What was used, as far as it is added up.</param>
/// <param name="Entries">The newest of the ledger, at most eight.</param>
/// <param name="ActiveKeys">Keys that are neither revoked nor expired.</param>
/// <param name="AutoRecharge">Whether it is on.</param>
/// <param name="AsOf">Calls charged before this moment are in the sums and the entries: a second or two ago, where all is well.</param>
internal sealed record OverviewAnswer(
    long? Balance, long? Held, long? MonthlyBudget, DateTimeOffset At, OverviewUsage Usage, IReadOnlyList<OverviewEntry> Entries,
    int ActiveKeys, bool AutoRecharge, DateTimeOffset AsOf);

/// <summary>Sums by the UTC calendar.</summary>
/// <param name="CreditsPerDay">Over the last seven days, of a younger account over its age; 0 where nothing was charged.</param>
/// <param name="Days">The last seven, today included; only those with calls.</param>
internal sealed record OverviewUsage(
    long CallsToday, long CreditsToday, long CallsThisMonth, long CreditsThisMonth, decimal CreditsPerDay, IReadOnlyList<OverviewDay> Days);

/// <summary>Charged calls of a surface on a UTC day.</summary>
internal sealed record OverviewDay
{
    public DateTimeOffset Day { get; init; }

    /// <summary>Null where the ledger has none.</summary>
    public string? Surface { get; init; }

    public long Calls { get; init; }
    public long Credits { get; init; }
}

/// <summary>An entry, as <c>GET /api/me/ledger</c> tells it but for what a list leaves out.</summary>
internal sealed record OverviewEntry
{
    public required string Id { get; init; }
    public long Seq { get; init; }
    public required string Type { get; init; }
    public long Amount { get; init; }
    public long BalanceAfter { get; init; }
    public long? KeyId { get; init; }
    public string? Surface { get; init; }
    public string? Provider { get; init; }
    public string? Description { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
}
