using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Sales.Orders;

/// <summary>
/// What is to be bought, at a price that is fixed here: what a payment provider says later is compared with it, never taken from there.
/// </summary>
internal sealed record NewOrder
{
    public required long AccountId { get; init; }
    public required string Kind { get; init; }
    public required long Credits { get; init; }
    public required long PriceCents { get; init; }
    public required string Currency { get; init; }
    public required string Description { get; init; }
    public required string Channel { get; init; }
    public long? PackageId { get; init; }
    public string? PackageSlug { get; init; }
    public string? PackageName { get; init; }
    public long? SubscriptionId { get; init; }
    public int? Period { get; init; }

    /// <summary>The refusals of the same month before it.</summary>
    public int Attempt { get; init; }

    /// <summary>The person that orders, whatever the wallet; null: the account itself.</summary>
    public long? PersonId { get; init; }

    /// <summary>Paid on the provider's page rather than charged at once.</summary>
    public bool Hosted { get; init; }
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// What was asked for, to tell a repeat from another request under the same key. Not the price: it may have changed between
    /// the two, and the repeat still gets the first order.
    /// </summary>
    public string? RequestHash { get; init; }

    public static string HashOf(params object?[] asked) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', asked.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))))));
}
