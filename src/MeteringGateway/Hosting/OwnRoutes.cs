using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Calls.Surfaces.Routes;
using MeteringGateway.Configuration;

namespace MeteringGateway.Hosting;

/// <summary>
/// What the gateway itself answers, which no route of a surface may stand in the way of. Written once, when the host is built; read at each
/// reload.
/// </summary>
internal sealed class OwnRoutes
{
    /// <summary>Kept free for pages and protocols of the gateway whether or not they are served.</summary>
    private static readonly TakenRoute[] s_reserved =
    [
        new(RouteOverlap.AnyMethod, "/"), new(RouteOverlap.AnyMethod, "/mcp/{**rest}"), new(RouteOverlap.AnyMethod, "/console/{**rest}"),
    ];

    private IReadOnlyList<TakenRoute> _taken = s_reserved;

    /// <summary>After everything is mapped.</summary>
    /// <exception cref="ConfigurationException">Where a route of the first catalog overlaps.</exception>
    public void Take(IEndpointRouteBuilder mapped, SurfaceCatalog catalog)
    {
        _taken = [.. s_reserved, .. mapped.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(Routes)];
        var errors = new ConfigurationErrors();
        Check(catalog, errors);
        errors.ThrowIfAny();
    }

    public void Check(SurfaceCatalog catalog, ConfigurationErrors errors) =>
        RouteOverlap.Check(catalog.Slugs.Select(slug => catalog.BySlug[slug]), _taken, errors);

    private static IEnumerable<TakenRoute> Routes(RouteEndpoint endpoint)
    {
        var pattern = endpoint.RoutePattern.RawText ?? "";
        return endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods.Count: > 0 } methods
            ? methods.HttpMethods.Select(method => new TakenRoute(method, pattern))
            : [new(RouteOverlap.AnyMethod, pattern)];
    }
}
