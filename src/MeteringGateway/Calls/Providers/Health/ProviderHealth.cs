using System.Runtime.CompilerServices;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Telemetry;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Calls.Providers.Health;

/// <summary>
/// Which destinations and providers calls may go to: by how calls to them ended, and by YARP's own checks where a cluster has them.
/// One provider has one health, whatever number of surfaces name it. Any number of callers at once.
/// </summary>
internal sealed partial class ProviderHealth(
    IProxyStateLookup clusters, SurfaceSource surfaces, GatewayMetrics metrics, TimeProvider time, ILogger<ProviderHealth> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>YARP keeps a destination's state over a reload that does not touch it, and so does this.</summary>
    private readonly ConditionalWeakTable<DestinationState, DestinationCircuit> _circuits = [];

    public DestinationCircuit CircuitOf(DestinationState destination)
    {
        var address = destination.Model.Config.Address;
        if (_circuits.TryGetValue(destination, out var circuit) && circuit.Address == address)
        {
            return circuit;
        }

        lock (_circuits)
        {
            if (!_circuits.TryGetValue(destination, out circuit) || circuit.Address != address)
            {
                circuit = new DestinationCircuit(time) { Address = address };
                _circuits.AddOrUpdate(destination, circuit);
            }

            return circuit;
        }
    }

    /// <summary>May calls go to it as things are?</summary>
    public bool IsHealthy(Provider provider, DestinationState destination) =>
        IsUpByYarp(destination) && (!provider.Health.Enabled || CircuitOf(destination).State == CircuitState.Closed);

    /// <summary>Not where YARP's own checks, active or passive, have found it down; one that they know nothing of is up.</summary>
    public static bool IsUpByYarp(DestinationState destination) =>
        destination.Health.Active != DestinationHealth.Unhealthy && destination.Health.Passive != DestinationHealth.Unhealthy;

    public void Report(
        Provider provider, DestinationState destination, Verdict verdict, TimeSpan? retryAfter, bool wasProbe, string outcome)
    {
        if (!provider.Health.Enabled)
        {
            return;
        }

        var circuit = CircuitOf(destination);
        switch (circuit.Report(provider.Health, verdict, retryAfter, wasProbe, outcome))
        {
            case CircuitState.Open:
                LogOut(provider.Name, destination.DestinationId, circuit.Reason);
                Publish();
                break;
            case CircuitState.Closed:
                LogBack(provider.Name, destination.DestinationId);
                Publish();
                break;
            case CircuitState.Due or null:
            default:
                break;
        }
    }

    /// <summary>The surfaces that no provider can serve now, each with the reason. A provider that is due to be tried again can.</summary>
    public IReadOnlyList<UnservedSurface> Unserved()
    {
        var catalog = surfaces.Current;
        var unserved = new List<UnservedSurface>();
        foreach (var slug in catalog.Slugs)
        {
            var chain = catalog.BySlug[slug].Providers.Select(name => catalog.Providers[name]).ToArray();
            if (!chain.Any(IsServable))
            {
                unserved.Add(new UnservedSurface(
                    slug, "no healthy provider: " + string.Join("; ", chain.Select(provider => $"{provider.Name}: {Why(provider)}"))));
            }
        }

        return unserved;
    }

    /// <summary>All providers as they are now, by name.</summary>
    public IReadOnlyList<ProviderState> States() =>
        [.. surfaces.Current.Providers.Values.OrderBy(provider => provider.Name, StringComparer.Ordinal).Select(provider =>
            new ProviderState(
                provider.Name,
                DestinationsOf(provider).Select(StateOf).DefaultIfEmpty(CircuitState.Open).Min().Name(),
                [.. DestinationsOf(provider).Select(destination => DestinationState(provider, destination))]))];

    private ProviderDestination DestinationState(Provider provider, DestinationState destination)
    {
        var (circuit, state) = (CircuitOf(destination), StateOf(destination));
        return new ProviderDestination(
            destination.DestinationId,
            new Uri(circuit.Address).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
            state.Name(),
            state == CircuitState.Closed ? null : IsUpByYarp(destination) ? circuit.Reason : "its health checks say that it is down",
            provider.Health.Enabled,
            circuit.LastError is { } last ? new ProviderError(last.Words, last.At) : null,
            circuit.Outcomes.GroupBy(one => one.Key.Name()).ToDictionary(group => group.Key, group => group.Sum(one => one.Value)));
    }

    /// <summary>What YARP's own checks have found down is as good as open.</summary>
    private CircuitState StateOf(DestinationState destination) =>
        IsUpByYarp(destination) ? CircuitOf(destination).State : CircuitState.Open;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            Publish();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Publish()
    {
        var catalog = surfaces.Current;
        foreach (var provider in catalog.Providers.Values)
        {
            metrics.ProviderHealthy(provider.Name, DestinationsOf(provider).Any(destination => IsHealthy(provider, destination)));
            metrics.ProviderCircuit(provider.Name, (int)DestinationsOf(provider).Select(StateOf).DefaultIfEmpty(CircuitState.Open).Min());
        }

        var unserved = Unserved();
        foreach (var slug in catalog.Slugs)
        {
            metrics.SurfaceAvailable(slug, !unserved.Any(surface => surface.Surface == slug));
        }
    }

    private bool IsServable(Provider provider) => DestinationsOf(provider).Any(destination =>
        IsUpByYarp(destination) && (!provider.Health.Enabled || CircuitOf(destination).State != CircuitState.Open));

    private string Why(Provider provider)
    {
        var reasons = DestinationsOf(provider).Select(destination =>
            IsUpByYarp(destination) ? CircuitOf(destination).Reason : "its health checks say that it is down");
        return string.Join(", ", reasons.Distinct()) is { Length: > 0 } reason ? reason : "it has no destination";
    }

    private IReadOnlyList<DestinationState> DestinationsOf(Provider provider) =>
        clusters.TryGetCluster(provider.Name, out var cluster) ? cluster.DestinationsState.AllDestinations : [];

    [LoggerMessage(1, LogLevel.Warning, "Provider {Provider} (destination {Destination}) is out: {Reason}")]
    private partial void LogOut(string provider, string destination, string reason);

    [LoggerMessage(2, LogLevel.Information, "Provider {Provider} (destination {Destination}) is back")]
    private partial void LogBack(string provider, string destination);
}

/// <summary>A surface that calls would fail on now, and why.</summary>
internal sealed record UnservedSurface(string Surface, string Reason);
