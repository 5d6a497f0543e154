using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Providers.Health;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class PassiveHealthTests
{
    private readonly Listener _policy = new();

    /// <summary>
    /// YARP's policies count what the error feature says; what is not the provider's reads as a client that left, which they don't.
    /// </summary>
    [Theory]
    [InlineData("Success", "Provider", null)]
    [InlineData("Rejected", "Provider", null)]
    [InlineData("Status", "Provider", null)]
    [InlineData("EndingStatus", "Provider", null)]
    [InlineData("Timeout", "Provider", ForwarderError.RequestTimedOut)]
    [InlineData("ConnectError", "Provider", ForwarderError.Request)]
    [InlineData("BadResponse", "Provider", ForwarderError.ResponseBodyDestination)]
    [InlineData("Timeout", "Client", ForwarderError.RequestCanceled)]
    [InlineData("Timeout", "Gateway", ForwarderError.RequestCanceled)]
    [InlineData("BadResponse", "Gateway", ForwarderError.RequestCanceled)]
    [InlineData("Overloaded", "Gateway", ForwarderError.RequestCanceled)]
    public void Report_EachEnd_IsInYarpsWords(string outcome, string owner, ForwarderError? error)
    {
        Report("Listener", Enum.Parse<AttemptOutcome>(outcome), Enum.Parse<AttemptOwner>(owner));

        Assert.Equal([error], _policy.Heard);
    }

    [Fact]
    public void Report_ToAClusterWithoutPassiveChecks_IsNotMade()
    {
        Report(null, AttemptOutcome.Timeout, AttemptOwner.Provider);

        Assert.Empty(_policy.Heard);
    }

    private void Report(string? policy, AttemptOutcome outcome, AttemptOwner owner)
    {
        // What an attempt before has left: a later success must not read as its error.
        var context = new DefaultHttpContext();
        context.Features.Set<IForwarderErrorFeature>(new Earlier());
        var passive = new PassiveHealthCheckConfig { Enabled = policy is not null, Policy = policy };
        var config = new ClusterConfig { ClusterId = "alpha", HealthCheck = new HealthCheckConfig { Passive = passive } };
        var cluster = new ClusterState("alpha", new ClusterModel(config, new HttpMessageInvoker(new HttpClientHandler())));
        new PassiveHealth([_policy]).Report(context, cluster, new DestinationState("a"), outcome, owner);
    }

    private sealed class Earlier : IForwarderErrorFeature
    {
        public ForwarderError Error => ForwarderError.NoAvailableDestinations;

        public Exception? Exception => null;
    }

    private sealed class Listener : IPassiveHealthCheckPolicy
    {
        public List<ForwarderError?> Heard { get; } = [];

        public string Name => "Listener";

        public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination) =>
            Heard.Add(context.Features.Get<IForwarderErrorFeature>()?.Error);
    }
}
