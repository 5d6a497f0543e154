using System.Text.Json.Serialization;

namespace MeteringGateway.Sales.Catalog;

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

    // Each field of PlanProduct.Fields, for operators.
    public string? StripePriceMonthly => ProductOf("stripe", "monthly");
    public string? StripePriceYearly => ProductOf("stripe", "yearly");
    public string? CreemProductId => ProductOf("creem", PlanProduct.Any);
    public int SortOrder { get; init; }
    public bool Active { get; init; } = true;
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The rows of <c>plan_products</c>, as the statements carry them.</summary>
    [JsonIgnore]
    public string ProductsJson { get; init; } = "[]";

    /// <summary>For the operator alone, and never kept: see <see cref="SaleWarnings"/>. Left out where there is nothing to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    public IReadOnlyList<PlanProduct> Products() => PlanProduct.Read(ProductsJson);

    /// <summary>What a provider sells the plan as; null: nothing.</summary>
    public string? ProductFor(string channel, string billing) => ProductOf(channel, billing) ?? ProductOf(channel, PlanProduct.Any);

    public string? ProductOf(string channel, string period) =>
        Products().FirstOrDefault(product => product.Channel == channel && product.Period == period)?.ProductId;
}
