using System.Text.Json.Serialization;

namespace MeteringGateway.Catalog;

/// <summary>Credits every month at a monthly or yearly price, as PostgreSQL has it.</summary>
internal sealed record PlanRow
{
    public string Id { get; init; } = "";
    public required string Slug { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public long PriceMonthly { get; init; }
    public long? PriceYearly { get; init; }
    public required string Currency { get; init; }
    public long CreditsIncluded { get; init; }
    public string[] Features { get; init; } = [];
    public string? StripePriceMonthly { get; init; }
    public string? StripePriceYearly { get; init; }
    public string? CreemProductId { get; init; }
    public int SortOrder { get; init; }
    public bool Active { get; init; } = true;
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>For the operator alone, and never kept: see <see cref="SaleWarnings"/>. Left out where there is nothing to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }
}
