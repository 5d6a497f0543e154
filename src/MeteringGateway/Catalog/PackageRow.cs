namespace MeteringGateway.Catalog;

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
}
