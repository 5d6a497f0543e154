using MeteringGateway.Requests;

namespace MeteringGateway.Surfaces;

internal sealed record SurfaceView(string Slug, string Name, string? Description, IReadOnlyList<string> Providers);

internal sealed record SurfaceList(IReadOnlyList<SurfaceView> Surfaces);

/// <summary><c>GET /admin/surfaces</c>: what is for sale now, so that a declaration can be checked before any of it is applied.</summary>
internal static class SurfaceEndpoints
{
    public static IEndpointRouteBuilder MapSurfaces(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/surfaces", (SurfaceSource source) => List(source.Current)).Produces<SurfaceList>();
        return admin;
    }

    private static IResult List(SurfaceCatalog catalog) => WireJson.Ok(new SurfaceList(
        [.. catalog.Slugs.Select(slug => catalog.BySlug[slug]).Select(surface => new SurfaceView(surface.Slug, surface.Name, surface.Description, surface.Providers))]));
}
