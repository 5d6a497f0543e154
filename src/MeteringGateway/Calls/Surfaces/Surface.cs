using System.Collections.Frozen;
using System.Collections.Immutable;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>One thing that can be bought: what it costs, who provides it in which order, and how long that may take.</summary>
internal sealed record Surface(
    string Slug,
    string Name,
    string? Description,
    Price Price,
    ImmutableArray<string> Providers,
    TimeSpan AttemptTimeout,
    TimeSpan TotalTimeout,
    FrozenSet<int> FallbackStatuses,
    int MaxRequestBytes)
{
    /// <summary>The price in JSON, as the configuration writes it.</summary>
    public string PriceText { get; init; } = "null";
}
