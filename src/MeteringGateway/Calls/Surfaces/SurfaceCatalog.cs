using System.Collections.Frozen;
using System.Collections.Immutable;
using MeteringGateway.Calls.Surfaces.Routes;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// All surfaces and providers of one accepted configuration. A request takes it once and uses it to its end,
/// whatever is reloaded meanwhile.
/// </summary>
/// <param name="BySlug">Slugs are compared as they are: they are lower case.</param>
/// <param name="Slugs">Sorted, for answers that list them.</param>
/// <param name="Providers">By name in any case, as YARP compares the ids of clusters.</param>
/// <param name="MaxRequestBytes">The largest of all surfaces: how much is read before the surface is known.</param>
internal sealed record SurfaceCatalog(
    FrozenDictionary<string, Surface> BySlug,
    ImmutableArray<string> Slugs,
    FrozenDictionary<string, Provider> Providers,
    int MaxRequestBytes)
{
    /// <summary>The paths by which surfaces can be called like their providers.</summary>
    public RouteTable Routes { get; } = new(BySlug.Values);

    /// <summary>The total time of the surface that has the longest.</summary>
    public TimeSpan LongestCall { get; } = BySlug.Values.Select(surface => surface.TotalTimeout).DefaultIfEmpty().Max();
}
