using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeteringGateway.Accounts.SurfaceOperations;

internal sealed record SurfaceList(IReadOnlyList<SurfaceView> Surfaces);

internal sealed record ProviderList(IReadOnlyList<ProviderState> Providers);

/// <summary>
/// <c>GET /admin/surfaces</c>: what is for sale now and at which price, so that a declaration can be checked before any of it is applied.
/// <c>GET /admin/providers</c>: how those are who provide it.
/// </summary>
internal static class SurfaceEndpoints
{
    public static IEndpointRouteBuilder MapSurfaces(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/surfaces", (SurfaceSource source) => List(source.Current));
        admin.MapGet("/providers", Ok<ProviderList> (ProviderHealth health) => WireJson.Ok(new ProviderList(health.States())));
        return admin;
    }

    private static Ok<SurfaceList> List(SurfaceCatalog catalog) =>
        WireJson.Ok(new SurfaceList([.. catalog.Slugs.Select(slug => SurfaceView.Of(catalog.BySlug[slug]))]));
}
