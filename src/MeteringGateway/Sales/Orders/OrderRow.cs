using System.Globalization;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Orders;

/// <summary>An order as PostgreSQL has it.</summary>
internal sealed record OrderRow : IPayoutRow
{
    private const string Prefix = "order:";

    public long Id { get; init; }
    public long AccountId { get; init; }
    public required string Kind { get; init; }
    public required string Status { get; init; }
    public long Credits { get; init; }
    public long PriceCents { get; init; }
    public required string Currency { get; init; }
    public required string Description { get; init; }
    public long? PackageId { get; init; }
    public string? PackageSlug { get; init; }
    public string? PackageName { get; init; }
    public long? SubscriptionId { get; init; }
    public int? Period { get; init; }
    public required string Channel { get; init; }
    public bool Hosted { get; init; }

    /// <summary>Its page keeps what the customer pays with.</summary>
    public bool SavesMethod { get; init; }
    public string? PaymentId { get; init; }

    /// <summary>The provider's page on which it is paid.</summary>
    public string? CheckoutId { get; init; }

    /// <summary>What the customer paid in all; null: <see cref="PriceCents"/>.</summary>
    public long? PaidCents { get; init; }

    /// <summary>How many of the credits refunds and disputes have been booked for.</summary>
    public long ReversedCredits { get; init; }
    public string? PaymentUrl { get; init; }
    public string? Refusal { get; init; }
    public string? RequestHash { get; init; }

    /// <summary>The balance once the credits were there; null until then.</summary>
    public long? BalanceAfter { get; init; }
    public int Attempts { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>
    /// What the ledger books it under and what payment providers know it by; the same on every attempt, so it happens once.
    /// </summary>
    public string Reference => ReferenceOf(Id);
    string IPayoutRow.EntryId => Reference;

    /// <summary>How its payment is found at the provider.</summary>
    public PaymentLookup Lookup => new(Reference, AccountId, Hosted, CheckoutId, CreatedAt);

    public static string ReferenceOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id}");

    public static long? IdOf(string? reference) =>
        reference is not null && reference.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(reference.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && ReferenceOf(id) == reference
        ? id
        : null;
}
