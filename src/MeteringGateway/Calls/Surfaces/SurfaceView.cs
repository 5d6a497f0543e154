using System.Text.Json.Nodes;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>What an operator sees of a surface: in <c>GET /admin/surfaces</c>, and in the audit where a reload changes it.</summary>
/// <param name="Slug">Its name in the configuration and in calls.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">For people.</param>
/// <param name="Price">As the configuration writes it, with the names in snake_case: <c>{"credits": 2}</c>.</param>
/// <param name="Providers">The chain, in its order.</param>
/// <param name="ProviderPrices">Of those that have one of their own, by name.</param>
/// <param name="AttemptTimeout">Of one provider.</param>
/// <param name="TotalTimeout">Of the chain.</param>
/// <param name="StreamTimeout">Of a stream, from its first byte on.</param>
/// <param name="FallbackStatuses">What leads on to the next provider.</param>
/// <param name="MaxRequestBytes">The longest body of a request.</param>
/// <param name="Routes">By which it can be called like its provider.</param>
/// <param name="PassHeaders">What else of a request's headers goes to its providers.</param>
/// <param name="AskForUsage">Whether a request for a stream is made to ask for its usage.</param>
/// <param name="TestAnswer">What test keys get, where it is configured.</param>
internal sealed record SurfaceView(
    string Slug,
    string Name,
    string? Description,
    JsonNode? Price,
    IReadOnlyList<string> Providers,
    IReadOnlyDictionary<string, JsonNode?> ProviderPrices,
    TimeSpan AttemptTimeout,
    TimeSpan TotalTimeout,
    TimeSpan StreamTimeout,
    IReadOnlyList<int> FallbackStatuses,
    int MaxRequestBytes,
    IReadOnlyList<string> Routes,
    IReadOnlyList<string> PassHeaders,
    bool AskForUsage,
    JsonNode? TestAnswer)
{
    public static SurfaceView Of(Surface surface) => new(
        surface.Slug,
        surface.Name,
        surface.Description,
        JsonNode.Parse(surface.PriceText),
        surface.Providers,
        surface.ProviderPriceTexts.OrderBy(own => own.Key, StringComparer.Ordinal)
            .ToDictionary(own => own.Key, own => JsonNode.Parse(own.Value)),
        surface.AttemptTimeout,
        surface.TotalTimeout,
        surface.StreamTimeout,
        [.. surface.FallbackStatuses.Order()],
        surface.MaxRequestBytes,
        [.. surface.Routes.Select(route => route.ToString())],
        surface.PassHeaders,
        surface.AsksForUsage,
        JsonNode.Parse(surface.TestAnswerText));
}
