using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.SurfaceOperations;

internal sealed record SurfaceList(IReadOnlyList<SurfaceView> Surfaces);

/// <summary>
/// <c>GET /admin/surfaces</c>: what is for sale now and at which price, so that a declaration can be checked before any of it is applied.
/// </summary>
internal static class SurfaceEndpoints
{
    public static IEndpointRouteBuilder MapSurfaces(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/surfaces", (SurfaceSource source) => List(source.Current));
        return admin;
    }

    private static Ok<SurfaceList> List(SurfaceCatalog catalog) =>
        WireJson.Ok(new SurfaceList([.. catalog.Slugs.Select(slug => SurfaceView.Of(catalog.BySlug[slug]))]));
}
