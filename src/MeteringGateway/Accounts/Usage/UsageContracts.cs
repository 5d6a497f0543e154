namespace MeteringGateway.Accounts.Usage;

/// <summary>How long a bar of a chart is.</summary>
internal enum UsageStep
{
    Hour,
    Day,
}

/// <summary>What rows tell apart; what they do not is added up in them.</summary>
[Flags]
internal enum UsageSplit
{
    None = 0,
    Surface = 1,
    Key = 2,
    Provider = 4,
    All = Surface | Key | Provider,
}

/// <summary>Which usage is asked for.</summary>
/// <param name="AccountId">Null: all accounts together, which are told apart by surface and provider only.</param>
/// <param name="From">The first moment; the hour or day that it lies in counts whole.</param>
/// <param name="To">The first moment that is not asked for; an hour or day that it lies in counts whole.</param>
internal sealed record UsageQuery(
    long? AccountId, DateTimeOffset From, DateTimeOffset To, UsageStep Step, UsageSplit Split = UsageSplit.All, string? Surface = null,
    long? KeyId = null)
{
    /// <summary>The query for whole hours or days.</summary>
    public UsageQuery Whole() => this with { From = Begin(From), To = End(To) };

    public TimeSpan Length => Step == UsageStep.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    private DateTimeOffset End(DateTimeOffset moment) =>
        Begin(moment) == moment || DateTimeOffset.MaxValue - Begin(moment) < Length ? moment.ToUniversalTime() : Begin(moment) + Length;

    private DateTimeOffset Begin(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % Length.Ticks), TimeSpan.Zero);
}

/// <summary>Charged calls of an hour or day. What the query does not tell apart is null, and so is what the ledger has not.</summary>
internal sealed record UsageRow
{
    public DateTimeOffset At { get; init; }
    public string? Surface { get; init; }
    public long? KeyId { get; init; }
    public string? Provider { get; init; }
    public long Calls { get; init; }
    public long Credits { get; init; }
}

/// <summary>Calls of an hour or day that were not charged, by the code of the refusal.</summary>
internal sealed record RefusalRow
{
    public DateTimeOffset At { get; init; }
    public string? Surface { get; init; }
    public long? KeyId { get; init; }
    public required string Code { get; init; }
    public long Calls { get; init; }
}

/// <summary>Usage as the roll-up has it. Rows come in the order of time, and only for hours or days with calls.</summary>
/// <param name="AsOf">
/// Calls of an account that were charged before this moment are counted; of all accounts, what was in the ledger by then.
/// </param>
/// <param name="IsCut">There are more rows than were asked for: their sums are not those of the range.</param>
internal sealed record UsageReport(
    IReadOnlyList<UsageRow> Usage, IReadOnlyList<RefusalRow> Refusals, DateTimeOffset AsOf, bool IsCut)
{
    public long Calls => Usage.Sum(row => row.Calls);
    public long Credits => Usage.Sum(row => row.Credits);
    public long Refused => Refusals.Sum(row => row.Calls);
}

/// <summary>What an account has used in a range of days.</summary>
internal sealed record TopAccountRow
{
    public long AccountId { get; init; }
    public required string Email { get; init; }
    public required string FullName { get; init; }
    public long Calls { get; init; }
    public long Credits { get; init; }
}
