using MeteringGateway.Hosting;
using MeteringGateway.Observability;
using MeteringGateway.Surfaces;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Fallback;

/// <summary>
/// Tries a surface's providers one after the other until one has answered whole. Any number of callers at once.
/// Knows nothing of credits: who pays for the answer is the caller's matter.
/// </summary>
internal sealed class ProviderChain(IHttpForwarder forwarder, IProxyStateLookup clusters, DestinationPicker destinations, PassiveHealth health, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>One absolute deadline runs over all attempts, and one over each; YARP's own timeout restarts with every byte.</summary>
    public async Task<ChainResult> SendAsync(HttpContext context, Surface surface, SurfaceCatalog catalog, ReadOnlyMemory<byte> body)
    {
        var client = context.RequestAborted;
        var started = time.GetTimestamp();
        var attempts = new List<AttemptReport>(surface.Providers.Length);
        using var total = new CancellationTokenSource(surface.TotalTimeout, time);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(client, total.Token);
        for (var i = 0; i < surface.Providers.Length && !total.IsCancellationRequested; i++)
        {
            var provider = catalog.Providers[surface.Providers[i]];
            var last = i == surface.Providers.Length - 1;
            var (report, answer) = await TryAsync(context, provider, last, surface, body, cut.Token);
            if (client.IsCancellationRequested && report.Outcome != AttemptOutcome.Success)
            {
                return new ChainResult(ChainStatus.ClientLeft, null, attempts, time.GetElapsedTime(started));
            }

            if (report.Outcome == AttemptOutcome.Overloaded)
            {
                // The next provider's answer would find no more room, and no provider is to blame.
                return new ChainResult(ChainStatus.Overloaded, null, attempts, time.GetElapsedTime(started));
            }

            attempts.Add(report);
            metrics.Attempt(report.Provider, report.Outcome.Name(), report.Duration);
            if (report.Outcome is AttemptOutcome.Success or AttemptOutcome.Rejected)
            {
                var status = report.Outcome == AttemptOutcome.Success ? ChainStatus.Succeeded : ChainStatus.Rejected;
                return new ChainResult(status, answer, attempts, time.GetElapsedTime(started));
            }
        }

        var timedOut = total.IsCancellationRequested || OnlyTimeouts(attempts);
        return new ChainResult(timedOut ? ChainStatus.TimedOut : ChainStatus.Failed, null, attempts, time.GetElapsedTime(started));
    }

    private async Task<(AttemptReport Report, ProviderAnswer? Answer)> TryAsync(
        HttpContext context, Provider provider, bool last, Surface surface, ReadOnlyMemory<byte> body, CancellationToken cut)
    {
        var started = time.GetTimestamp();
        if (!clusters.TryGetCluster(provider.Name, out var cluster))
        {
            // Taken out of the configuration while this call was under way.
            return (new AttemptReport(provider.Name, AttemptOutcome.ConnectError, null, TimeSpan.Zero), null);
        }

        if (destinations.Pick(context, cluster, evenUnhealthy: last) is not { } destination)
        {
            return (new AttemptReport(provider.Name, last ? AttemptOutcome.ConnectError : AttemptOutcome.SkippedUnhealthy, null, TimeSpan.Zero), null);
        }

        using var limit = new CancellationTokenSource(surface.AttemptTimeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cut, limit.Token);
        var attempt = new ProviderAttempt(provider, body, context.TraceIdentifier, deadline.Token) { Host = destination.Model.Config.Host };
        context.Request.Body = new MemoryStream(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var bytes) ? bytes.Array! : body.ToArray(), bytes.Offset, body.Length, writable: false);

        // What an earlier attempt left would stop the forwarder, and its error would outlive a later success.
        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
        ForwarderError error;
        DestinationPicker.Enter(destination);
        try
        {
            var settings = cluster.Model.Config.HttpRequest ?? ForwarderRequestConfig.Empty;
            var forwarding = forwarder.SendAsync(context, destination.Model.Config.Address, cluster.Model.HttpClient,
                settings.ActivityTimeout is null ? settings with { ActivityTimeout = surface.AttemptTimeout + TimeSpan.FromSeconds(1) } : settings, attempt, deadline.Token);
            FaultPoint.Hit("during-forward");
            error = await forwarding;
        }
        finally
        {
            DestinationPicker.Leave(destination);
        }

        if (attempt.IsOverloaded)
        {
            return (new AttemptReport(provider.Name, AttemptOutcome.Overloaded, attempt.Status, time.GetElapsedTime(started)), null);
        }

        var outcome = Judge(error, attempt, surface, context, deadline.Token);
        health.Report(context, cluster, destination, outcome);
        return (new AttemptReport(provider.Name, outcome, attempt.Status, time.GetElapsedTime(started)), attempt.Answer);
    }

    /// <summary>Success is what the forwarder returned together with a whole body, never the status code alone.</summary>
    private static AttemptOutcome Judge(ForwarderError error, ProviderAttempt attempt, Surface surface, HttpContext context, CancellationToken deadline)
    {
        if (error == ForwarderError.None && attempt.Answer is { } answer)
        {
            return answer.Status switch
            {
                _ when surface.FallbackStatuses.Contains(answer.Status) => AttemptOutcome.Status,
                >= 200 and < 300 => AttemptOutcome.Success,
                >= 400 and < 500 => AttemptOutcome.Rejected,
                _ => AttemptOutcome.Status,
            };
        }

        if (deadline.IsCancellationRequested || error == ForwarderError.RequestTimedOut)
        {
            return AttemptOutcome.Timeout;
        }

        var failure = context.Features.Get<IForwarderErrorFeature>()?.Exception as HttpRequestException;
        return failure?.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            ? AttemptOutcome.ConnectError
            : AttemptOutcome.BadResponse;
    }

    private static bool OnlyTimeouts(List<AttemptReport> attempts)
    {
        var timeouts = 0;
        foreach (var attempt in attempts)
        {
            if (attempt.Outcome is not (AttemptOutcome.Timeout or AttemptOutcome.SkippedUnhealthy))
            {
                return false;
            }

            timeouts += attempt.Outcome == AttemptOutcome.Timeout ? 1 : 0;
        }

        return timeouts > 0;
    }
}
