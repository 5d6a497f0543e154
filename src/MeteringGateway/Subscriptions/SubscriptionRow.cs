namespace MeteringGateway.Subscriptions;

/// <summary>A plan that an account has, as PostgreSQL has it.</summary>
internal sealed record SubscriptionRow
{
    public const string Monthly = "monthly";
    public const string Yearly = "yearly";
    public const string Active = "active";

    public long Id { get; init; }
    public long AccountId { get; init; }
    public required string PlanId { get; init; }
    public required string Channel { get; init; }
    public required string Billing { get; init; }

    /// <summary>pending until its first month is paid, then active; past_due when a month was not paid, canceled for good.</summary>
    public required string Status { get; init; }

    /// <summary>The month that runs, from 0.</summary>
    public int Period { get; init; }
    public DateTimeOffset? CurrentPeriodEnd { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CanceledAt { get; init; }
}
