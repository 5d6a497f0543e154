using System.Collections.Frozen;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Fallback;

/// <summary>Picks a provider's destination with YARP's own load balancing, and keeps the counts that its policies go by.</summary>
internal sealed class DestinationPicker(IEnumerable<ILoadBalancingPolicy> policies)
{
    private readonly FrozenDictionary<string, ILoadBalancingPolicy> _policies = policies.ToFrozenDictionary(policy => policy.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: no destination is healthy, and another provider may be; the last of a chain is tried all the same.</summary>
    public DestinationState? Pick(HttpContext context, ClusterState cluster, bool evenUnhealthy)
    {
        var state = cluster.DestinationsState;
        var candidates = state.AvailableDestinations.Count == 0 && evenUnhealthy ? state.AllDestinations : state.AvailableDestinations;
        return candidates.Count switch
        {
            0 => null,
            1 => candidates[0],
            _ => _policies[cluster.Model.Config.LoadBalancingPolicy ?? LoadBalancingPolicies.PowerOfTwoChoices].PickDestination(context, cluster, candidates),
        };
    }

    /// <summary>YARP's pipeline counts with an internal counter; its public property is not atomic, so every change is made under a lock.</summary>
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
}
