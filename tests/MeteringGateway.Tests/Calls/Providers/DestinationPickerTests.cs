using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Tests.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class DestinationPickerTests : IDisposable
{
    private readonly MetricsFixture _metrics = new();
    private readonly HandClock _time = new();
    private readonly ProviderHealth _health;
    private readonly DestinationPicker _picker;
    private readonly DestinationState[] _destinations = [Destination("a"), Destination("b"), Destination("c")];
    private readonly ClusterState _cluster;
    private readonly Provider _provider = new("alpha", null, [], new ProviderHealthOptions());

    public DestinationPickerTests()
    {
        var config = new ClusterConfig { ClusterId = "alpha", LoadBalancingPolicy = "Last" };
        _cluster = new ClusterState("alpha", new ClusterModel(config, new HttpMessageInvoker(new HttpClientHandler())))
        {
            DestinationsState = new ClusterDestinationsState(_destinations, _destinations),
        };
        var catalog = new SurfaceCatalog(FrozenDictionary<string, Surface>.Empty, [], FrozenDictionary<string, Provider>.Empty, 0);
        _health = new ProviderHealth(new NoClusters(), new SurfaceSource(catalog), _metrics.Metrics, _time,
            NullLogger<ProviderHealth>.Instance);
        _picker = new DestinationPicker([new Last()], _health);
    }

    public void Dispose()
    {
        _health.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Pick_OfHealthyDestinations_IsTheLoadBalancersChoice() => Assert.Equal(("c", false), Pick());

    [Fact]
    public void Pick_BesideOneThatIsOut_IsAmongTheOthers()
    {
        TakeOut(_destinations[2]);
        Assert.Equal(("b", false), Pick());

        _destinations[1].Health.Active = DestinationHealth.Unhealthy;
        Assert.Equal(("a", false), Pick());
    }

    /// <summary>The last provider of a chain is tried although it is out: nothing else is left.</summary>
    [Fact]
    public void Pick_AllOut_IsNoneButForTheLastOfAChain()
    {
        Array.ForEach(_destinations, TakeOut);

        Assert.Null(Pick());
        Assert.Equal(("c", false), Pick(evenUnhealthy: true));
    }

    /// <summary>
    /// One call tries what has been out for long enough, be others healthy or not; the next one goes to those that are well.
    /// </summary>
    [Fact]
    public void Pick_OneThatIsDue_IsTriedByOneCall()
    {
        TakeOut(_destinations[0]);
        _time.Tick(_provider.Health.RetryAfter);

        Assert.Equal(("a", true), Pick());
        Assert.Equal(("c", false), Pick());
    }

    /// <summary>What YARP's own checks have found down is not probed by a customer's call.</summary>
    [Fact]
    public void Pick_DueButDownByYarp_IsNotTried()
    {
        TakeOut(_destinations[0]);
        _time.Tick(_provider.Health.RetryAfter);
        _destinations[0].Health.Passive = DestinationHealth.Unhealthy;

        Assert.Equal(("c", false), Pick());
    }

    [Fact]
    public void Pick_WithHealthTurnedOff_LooksAtNoCircuit()
    {
        Array.ForEach(_destinations, TakeOut);
        _time.Tick(_provider.Health.RetryAfter);
        var provider = _provider with { Health = new ProviderHealthOptions { Enabled = false } };

        var pick = _picker.Pick(new DefaultHttpContext(), _cluster, provider, evenUnhealthy: false);

        Assert.Equal(("c", false), (pick!.Value.Destination.DestinationId, pick.Value.IsProbe));
    }

    [Fact]
    public void Pick_OfNoDestinations_IsNone()
    {
        _cluster.DestinationsState = new ClusterDestinationsState([], []);

        Assert.Null(Pick(evenUnhealthy: true));
    }

    [Fact]
    public void EnterAndLeave_FromManyThreads_CountEachCallOnce()
    {
        Parallel.For(0, 10_000, call =>
        {
            DestinationPicker.Enter(_destinations[0]);
            if (call % 2 == 0)
            {
                DestinationPicker.Leave(_destinations[0]);
            }
        });

        Assert.Equal(5_000, _destinations[0].ConcurrentRequestCount);
    }

    private (string Destination, bool IsProbe)? Pick(bool evenUnhealthy = false) =>
        _picker.Pick(new DefaultHttpContext(), _cluster, _provider, evenUnhealthy) is { } pick
            ? (pick.Destination.DestinationId, pick.IsProbe) : null;

    private void TakeOut(DestinationState destination)
    {
        for (var failure = 0; failure < _provider.Health.FailuresInARow; failure++)
        {
            _health.Report(_provider, destination, Verdict.Bad, null, wasProbe: false, "timeout");
        }
    }

    private static DestinationState Destination(string id) =>
        new(id, new DestinationModel(new DestinationConfig { Address = $"http://{id}" }));

    /// <summary>Takes the last that it is given: what it was given can be told by that.</summary>
    private sealed class Last : ILoadBalancingPolicy
    {
        public string Name => "Last";

        public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> available) =>
            available[^1];
    }

    private sealed class NoClusters : IProxyStateLookup
    {
        public bool TryGetRoute(string id, [NotNullWhen(true)] out RouteModel? route) => (route = null) is not null;

        public IEnumerable<RouteModel> GetRoutes() => [];

        public bool TryGetCluster(string id, [NotNullWhen(true)] out ClusterState? cluster) => (cluster = null) is not null;

        public IEnumerable<ClusterState> GetClusters() => [];
    }
}
