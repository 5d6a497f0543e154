using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>One surface that a reload brought, changed or took away.</summary>
internal sealed record SurfaceChange(string Slug, SurfaceView? Before, SurfaceView? After)
{
    public string Action => (Before, After) switch
    {
        (null, _) => "surface.added",
        (_, null) => "surface.removed",
        _ => "surface.changed",
    };

    public static IReadOnlyList<SurfaceChange> Between(SurfaceCatalog before, SurfaceCatalog after) =>
    [
        .. before.Slugs.Union(after.Slugs).Order(StringComparer.Ordinal)
            .Select(slug => new SurfaceChange(slug, View(before, slug), View(after, slug)))
            .Where(change => change.Lines.Any()),
    ];

    /// <summary>For the log: <c>price of search: 2 → 7</c>.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            if (Before is null || After is null)
            {
                return [Before is null ? $"surface {Slug} is new, price {Text(After!.Price)}" : $"surface {Slug} is gone"];
            }

            var (old, now) = (Fields(Before), Fields(After));
            return old.Where(member => !JsonNode.DeepEquals(member.Value, now[member.Key]))
                .Select(member => $"{member.Key} of {Slug}: {Text(member.Value)} → {Text(now[member.Key])}");
        }
    }

    private static SurfaceView? View(SurfaceCatalog catalog, string slug) =>
        catalog.BySlug.TryGetValue(slug, out var surface) ? SurfaceView.Of(surface) : null;

    private static JsonObject Fields(SurfaceView view) => JsonSerializer.SerializeToNode(view, WireJson.Options)!.AsObject();

    /// <summary>A flat price is a number to everybody who reads a log.</summary>
    private static string Text(JsonNode? value) => value switch
    {
        null => "none",
        JsonObject { Count: 1 } price when price["credits"] is JsonValue credits => credits.ToJsonString(),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => value.ToJsonString(WireJson.Options),
    };
}
