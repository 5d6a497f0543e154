using System.Collections.Frozen;

namespace MeteringGateway.Surfaces;

internal sealed record Surface(string Slug);

internal sealed record SurfaceCatalog(FrozenDictionary<string, Surface> BySlug);

internal sealed class SurfaceSource
{
    public SurfaceCatalog Current { get; } = new(FrozenDictionary<string, Surface>.Empty);
}
