using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine;
using MeteringGateway.Ledger.Flushing;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Hosting;

/// <summary>
/// How long a stop may take: as long as a call that began a moment before it, for what is cut then was paid to the provider and
/// is not charged.
/// </summary>
internal static class StopBound
{
    /// <summary>What lies before and after the bounded parts of a call: its request is read, its answer written.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A call may come in until the delay is over, wait for its provider for its surface's time, or go out for as long as a stop leaves to
    /// streams, and then wait for Redis until its hold's deadline.
    /// </summary>
    private static TimeSpan OfCalls(SurfaceCatalog catalog, HostingOptions hosting, TimeSpan holdGrace) =>
        hosting.StopDelay + (catalog.LongestCall > hosting.StreamGrace ? catalog.LongestCall : hosting.StreamGrace) + holdGrace + s_margin;

    /// <summary>
    /// The host waits for the calls; the drain has a bound of its own (<see cref="Flusher"/>), which a client that reads slowly
    /// can't use up.
    /// </summary>
    public static IServiceCollection AddStopBound(this IServiceCollection services)
    {
        services.AddOptions<HostOptions>().Configure<SurfaceSource, IOptions<CreditsOptions>, IOptions<HostingOptions>>(
        (host, surfaces, credits, hosting) =>
        {
            host.ShutdownTimeout = OfCalls(surfaces.Current, hosting.Value, credits.Value.HoldGrace);

            // Only ever longer: calls of the catalog before a reload go on under it. The host reads this when it stops.
            surfaces.Changed += catalog =>
                host.ShutdownTimeout = TimeSpan.FromTicks(
                    Math.Max(host.ShutdownTimeout.Ticks, OfCalls(catalog, hosting.Value, credits.Value.HoldGrace).Ticks));
        });
        return services.AddHostedService<StopSequence>();
    }
}
