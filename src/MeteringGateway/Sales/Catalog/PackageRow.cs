using System.Text.Json.Serialization;

namespace MeteringGateway.Sales.Catalog;

/// <summary>A number of credits at a price, as PostgreSQL has it.</summary>
internal sealed record PackageRow
{
    public long Id { get; init; }
    public required string Slug { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public long Credits { get; init; }
    public long PriceCents { get; init; }
    public required string Currency { get; init; }
    public int SortOrder { get; init; }
    public bool Active { get; init; } = true;
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>For the operator alone, and never kept: see <see cref="SaleWarnings"/>. Left out where there is nothing to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }
}
