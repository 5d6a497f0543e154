using System.Text.Json.Nodes;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>What an operator sees of a surface: in <c>GET /admin/surfaces</c>, and in the audit where a reload changes it.</summary>
/// <param name="Slug">Its name in the configuration and in calls.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">For people.</param>
/// <param name="Price">As the configuration writes it, with the names in snake_case: <c>{"credits": 2}</c>.</param>
/// <param name="Providers">The chain, in its order.</param>
/// <param name="AttemptTimeout">Of one provider.</param>
/// <param name="TotalTimeout">Of the chain.</param>
/// <param name="FallbackStatuses">What leads on to the next provider.</param>
/// <param name="MaxRequestBytes">The longest body of a request.</param>
internal sealed record SurfaceView(
    string Slug,
    string Name,
    string? Description,
    JsonNode? Price,
    IReadOnlyList<string> Providers,
    TimeSpan AttemptTimeout,
    TimeSpan TotalTimeout,
    IReadOnlyList<int> FallbackStatuses,
    int MaxRequestBytes)
{
    public static SurfaceView Of(Surface surface) => new(
        surface.Slug,
        surface.Name,
        surface.Description,
        JsonNode.Parse(surface.PriceText),
        surface.Providers,
        surface.AttemptTimeout,
        surface.TotalTimeout,
        [.. surface.FallbackStatuses.Order()],
        surface.MaxRequestBytes);
}
