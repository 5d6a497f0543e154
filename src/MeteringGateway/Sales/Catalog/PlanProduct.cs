using System.Text.Json;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Sales.Catalog;

/// <summary>What a payment provider calls a plan.</summary>
/// <param name="Channel">The provider, as orders name it.</param>
/// <param name="Period">Which billing it is for: <c>monthly</c>, <c>yearly</c>, or <see cref="Any"/>.</param>
/// <param name="ProductId">A Stripe price, a Creem product.</param>
internal sealed record PlanProduct(string Channel, string Period, string ProductId)
{
    /// <summary>The provider has one product for both billings.</summary>
    public const string Any = "any";

    /// <summary>The fields in which an operator names products, as the API has them, and what each is.</summary>
    public static IReadOnlyList<(string Field, string Channel, string Period)> Fields { get; } =
    [
        ("stripe_price_monthly", "stripe", "monthly"),
        ("stripe_price_yearly", "stripe", "yearly"),
        ("creem_product_id", "creem", Any),
    ];

    public static IReadOnlyList<PlanProduct> Read(string json) => JsonSerializer.Deserialize<PlanProduct[]>(json, WireJson.Options)!;

    public static string Write(IReadOnlyList<PlanProduct> products) => JsonSerializer.Serialize(products, WireJson.Options);
}
