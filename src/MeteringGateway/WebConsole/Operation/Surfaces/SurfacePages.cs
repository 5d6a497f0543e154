using System.Text.Json;
using MeteringGateway.WebConsole.Frame;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Operation.Surfaces;

/// <summary>A surface, as <c>GET /admin/surfaces</c> tells it.</summary>
public sealed record SurfaceInfo(
    string Slug, string Name, string? Description, JsonElement Price, IReadOnlyList<string> Providers,
    IReadOnlyDictionary<string, JsonElement> ProviderPrices, string AttemptTimeout, string TotalTimeout, IReadOnlyList<string> Routes)
{
    /// <summary>The price's members as the configuration has them, in one line.</summary>
    public static string Line(JsonElement price) => price.ValueKind == JsonValueKind.Object
        ? string.Join(", ", price.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null)
            .Select(member => $"{Text.Word(member.Name).ToLowerInvariant()} {Value(member.Value)}"))
        : price.ToString();

    private static string Value(JsonElement value) => value.ValueKind == JsonValueKind.Object ? $"({Line(value)})" : value.ToString();
}

public sealed record SurfaceList(IReadOnlyList<SurfaceInfo> Surfaces);

/// <summary>A provider, as <c>GET /admin/providers</c> tells it.</summary>
public sealed record ProviderInfo(string Name, string State, IReadOnlyList<DestinationInfo> Destinations);

public sealed record DestinationInfo(
    string Id, string Address, string State, string? Reason, bool CircuitEnabled, LastErrorInfo? LastError,
    IReadOnlyDictionary<string, long> Outcomes);

public sealed record LastErrorInfo(string Outcome, DateTimeOffset At);

public sealed record ProviderList(IReadOnlyList<ProviderInfo> Providers);

/// <param name="Surfaces">What is sold.</param>
/// <param name="Providers">Who provides it.</param>
/// <param name="Problem">Why they can't be read.</param>
public sealed record SurfacesModel(IReadOnlyList<SurfaceInfo> Surfaces, IReadOnlyList<ProviderInfo> Providers, ApiProblem? Problem);

/// <summary>Surfaces with their prices and chains, and how their providers are.</summary>
internal static class SurfacePages
{
    public static void MapSurfacePages(this RouteGroupBuilder operators) => operators.MapGet("/surfaces", ShowAsync);

    private static async Task<IResult> ShowAsync(ConsoleApi api)
    {
        var surfaces = await api.GetAsync<SurfaceList>("/admin/surfaces");
        var providers = await api.GetAsync<ProviderList>("/admin/providers");
        var model = new SurfacesModel(
            surfaces.Value?.Surfaces ?? [], providers.Value?.Providers ?? [], surfaces.Problem ?? providers.Problem);
        return new ConsolePage<SurfacesView, SurfacesModel>("Surfaces and providers", model);
    }
}
