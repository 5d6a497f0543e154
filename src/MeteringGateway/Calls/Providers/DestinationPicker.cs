using System.Collections.Frozen;
using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Calls.Providers;

/// <summary>Where an attempt goes.</summary>
/// <param name="Destination">The provider's server that was picked.</param>
/// <param name="IsProbe">This attempt finds out whether the destination is back: its end must be reported, whatever it is.</param>
internal readonly record struct Pick(DestinationState Destination, bool IsProbe);

/// <summary>
/// Picks a provider's destination with YARP's own load balancing among those that are healthy, and keeps the counts that its
/// policies go by.
/// </summary>
internal sealed class DestinationPicker(IEnumerable<ILoadBalancingPolicy> policies, ProviderHealth health)
{
    private readonly FrozenDictionary<string, ILoadBalancingPolicy> _policies = policies.ToFrozenDictionary(
        policy => policy.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: no destination is healthy, and another provider may be; the last of a chain is tried all the same.</summary>
    public Pick? Pick(HttpContext context, ClusterState cluster, Provider provider, bool evenUnhealthy)
    {
        var all = cluster.DestinationsState.AllDestinations;
        if (provider.Health.Enabled)
        {
            for (var i = 0; i < all.Count; i++)
            {
                var destination = all[i];

                // One that has been out for long enough is tried by one call, be others healthy or not: nothing else would bring it back.
                if (ProviderHealth.IsUpByYarp(destination) && health.CircuitOf(destination).TryProbe())
                {
                    return new Pick(destination, IsProbe: true);
                }
            }
        }

        var healthy = Healthy(all, provider);
        return healthy.Count > 0 ? new Pick(Among(context, cluster, healthy), IsProbe: false)
            : evenUnhealthy && all.Count > 0 ? new Pick(Among(context, cluster, all), IsProbe: false)
            : null;
    }

    /// <summary>
    /// YARP's pipeline counts with an internal counter; its public property is not atomic, so every change is made under a lock.
    /// </summary>
    public static void Enter(DestinationState destination)
    {
        lock (destination)
        {
            destination.ConcurrentRequestCount++;
        }
    }

    /// <inheritdoc cref="Enter"/>
    public static void Leave(DestinationState destination)
    {
        lock (destination)
        {
            destination.ConcurrentRequestCount--;
        }
    }

    private IReadOnlyList<DestinationState> Healthy(IReadOnlyList<DestinationState> all, Provider provider)
    {
        var healthy = 0;
        for (var i = 0; i < all.Count; i++)
        {
            healthy += health.IsHealthy(provider, all[i]) ? 1 : 0;
        }

        return healthy == all.Count ? all : healthy == 0 ? [] : [.. all.Where(destination => health.IsHealthy(provider, destination))];
    }

    private DestinationState Among(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> candidates) =>
        candidates.Count == 1
            ? candidates[0]
            : _policies[cluster.Model.Config.LoadBalancingPolicy ?? LoadBalancingPolicies.PowerOfTwoChoices].PickDestination(
                context, cluster, candidates)
                ?? candidates[0];
}
