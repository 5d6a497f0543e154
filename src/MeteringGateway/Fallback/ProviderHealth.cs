using MeteringGateway.Observability;
using MeteringGateway.Surfaces;
using Yarp.ReverseProxy;

namespace MeteringGateway.Fallback;

/// <summary>Which providers YARP would send to now: published for Prometheus and asked by the readiness check.</summary>
internal sealed class ProviderHealth(IProxyStateLookup clusters, SurfaceSource surfaces, GatewayMetrics metrics, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    public bool IsHealthy(string provider) =>
        clusters.TryGetCluster(provider, out var cluster) && cluster.DestinationsState.AvailableDestinations.Count > 0;

    /// <summary>The surfaces that no healthy provider is left for.</summary>
    public IEnumerable<string> SurfacesWithoutProvider() => surfaces.Current.BySlug.Values
        .Where(surface => !surface.Providers.Any(IsHealthy))
        .Select(surface => surface.Slug)
        .Order(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            foreach (var provider in surfaces.Current.Providers.Keys)
            {
                metrics.ProviderHealthy(provider, IsHealthy(provider));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
