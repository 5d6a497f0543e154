using System.Globalization;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>A plan that an account has, as PostgreSQL has it.</summary>
internal sealed record SubscriptionRow
{
    public const string Monthly = "monthly";
    public const string Yearly = "yearly";
    public const string Active = "active";
    public const string Canceled = "canceled";
    private const string Prefix = "subscription:";

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

    /// <summary>The month with which the present plan and billing started; a year's payments count from there.</summary>
    public int BilledFrom { get; init; }

    /// <summary>The first month that is not paid for; <see cref="PaidUntil"/> is when it starts.</summary>
    public int PaidThrough { get; init; }
    public DateTimeOffset? PaidUntil { get; init; }

    /// <summary>Ends at <see cref="PaidUntil"/> in place of being renewed.</summary>
    public bool CancelAtPeriodEnd { get; init; }

    /// <summary>What it changes to at <see cref="PaidUntil"/>; null: nothing.</summary>
    public string? NextPlanId { get; init; }
    public string? NextBilling { get; init; }
    public string? NextChannel { get; init; }

    /// <summary>Of the month that is to be paid.</summary>
    public int Refusals { get; init; }
    public DateTimeOffset? RetryAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>The provider's own subscription, which it alone charges; null: the months are ordered and charged here.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The price that was agreed with the provider.</summary>
    public long? PriceCents { get; init; }

    /// <summary>What providers are told that it is called.</summary>
    public static string ReferenceOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id}");

    public static long? IdOf(string reference) =>
        reference.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(reference.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : null;

    /// <summary>The person that took it, whatever the wallet; only of one that is claimed for its next month.</summary>
    public long PersonId { get; init; }
}
