using System.Collections.Frozen;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Calls.Providers.Health;

/// <summary>Tells YARP's passive health checks how an attempt ended, in their words.</summary>
internal sealed class PassiveHealth(IEnumerable<IPassiveHealthCheckPolicy> policies)
{
    private readonly FrozenDictionary<string, IPassiveHealthCheckPolicy> _policies = policies.ToFrozenDictionary(
        policy => policy.Name, StringComparer.OrdinalIgnoreCase);

    /// <remarks>
    /// The error feature is set anew: it would keep an earlier attempt's error after a later success,
    /// and our own deadline reads there as a client that left, which the policies do not count.
    /// </remarks>
    public void Report(HttpContext context, ClusterState cluster, DestinationState destination, AttemptOutcome outcome, AttemptOwner owner)
    {
        if (cluster.Model.Config.HealthCheck?.Passive is not { Enabled: true } settings)
        {
            return;
        }

        ForwarderError? error = outcome switch
        {
            _ when owner != AttemptOwner.Provider => ForwarderError.RequestCanceled,
            AttemptOutcome.Timeout => ForwarderError.RequestTimedOut,
            AttemptOutcome.ConnectError => ForwarderError.Request,
            AttemptOutcome.BadResponse => ForwarderError.ResponseBodyDestination,
            _ => null,
        };
        context.Features.Set<IForwarderErrorFeature>(error is { } known ? new AttemptError(known) : null);
        _policies[settings.Policy ?? HealthCheckConstants.PassivePolicy.TransportFailureRate].RequestProxied(context, cluster, destination);
    }

    private sealed record AttemptError(ForwarderError Error) : IForwarderErrorFeature
    {
        public Exception? Exception => null;
    }
}
