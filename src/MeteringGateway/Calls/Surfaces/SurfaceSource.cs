using MeteringGateway.Hosting;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>The catalog in force. Read by every request at once; written by <see cref="SurfaceReloader"/> alone.</summary>
internal sealed class SurfaceSource(SurfaceCatalog first)
{
    private volatile SurfaceCatalog _current = first;

    /// <summary>Raised after <see cref="Current"/> has changed, on the reloader's thread.</summary>
    public event Action<SurfaceCatalog>? Changed;

    public SurfaceCatalog Current => _current;

    public void Replace(SurfaceCatalog catalog)
    {
        _current = catalog;
        Changed?.Invoke(catalog);
    }
}
