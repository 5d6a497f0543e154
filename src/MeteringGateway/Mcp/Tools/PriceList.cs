using System.Text.Json.Nodes;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Mcp.Tools;

/// <summary>What can be called and what it costs.</summary>
internal sealed record PriceList(decimal CreditUsd, IReadOnlyList<PricedSurface> Surfaces)
{
    public static PriceList Of(SurfaceCatalog catalog, CreditPrice price) =>
        new(price.Usd, [.. catalog.Slugs.Select(slug => PricedSurface.Of(catalog.BySlug[slug]))]);
}

/// <param name="Surface">As a call names it.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">What it does.</param>
/// <param name="Price">As the configuration writes it, with the names in snake_case: <c>{"credits": 2}</c>.</param>
/// <param name="ProviderPrices">Of those providers that have one of their own, by name: the one that answers decides.</param>
internal sealed record PricedSurface(
    string Surface, string Name, string? Description, JsonNode? Price, IReadOnlyDictionary<string, JsonNode?> ProviderPrices)
{
    public static PricedSurface Of(Surface surface)
    {
        var view = SurfaceView.Of(surface);
        return new PricedSurface(view.Slug, view.Name, view.Description, view.Price, view.ProviderPrices);
    }
}
