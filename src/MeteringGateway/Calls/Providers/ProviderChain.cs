using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Telemetry;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// Tries a surface's providers one after the other until one has answered whole. Any number of callers at once.
/// Knows nothing of credits: who pays for the answer is the caller's matter.
/// </summary>
internal sealed class ProviderChain(
    IHttpForwarder forwarder, IProxyStateLookup clusters, DestinationPicker destinations, ProviderHealth health,
    PassiveHealth passive, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>One absolute deadline runs over all attempts, and one over each; YARP's own timeout restarts with every byte.</summary>
    public async Task<ChainResult> SendAsync(HttpContext context, Surface surface, SurfaceCatalog catalog, ReadOnlyMemory<byte> body)
    {
        var client = context.RequestAborted;
        var started = time.GetTimestamp();
        var attempts = new List<AttemptReport>(surface.Providers.Length);
        TimeSpan? retryAfter = null;
        using var total = new CancellationTokenSource(surface.TotalTimeout, time);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(client, total.Token);
        for (var i = 0; i < surface.Providers.Length && !total.IsCancellationRequested; i++)
        {
            var provider = catalog.Providers[surface.Providers[i]];
            var last = i == surface.Providers.Length - 1;
            var (report, owner, answer, wait) = await TryAsync(context, provider, last, surface, body, cut.Token);
            if (owner == AttemptOwner.Client)
            {
                return new ChainResult(ChainStatus.ClientLeft, null, attempts, time.GetElapsedTime(started));
            }

            if (report.Outcome == AttemptOutcome.Overloaded)
            {
                // The next provider's answer would find no more room, and no provider is to blame.
                return new ChainResult(ChainStatus.Overloaded, null, attempts, time.GetElapsedTime(started));
            }

            attempts.Add(report);
            Count(report, owner);
            retryAfter = wait;
            if (report.Outcome is AttemptOutcome.Success or AttemptOutcome.Rejected)
            {
                var status = report.Outcome == AttemptOutcome.Success ? ChainStatus.Succeeded : ChainStatus.Rejected;
                return new ChainResult(status, answer, attempts, time.GetElapsedTime(started), retryAfter);
            }

            if (report.Outcome == AttemptOutcome.EndingStatus)
            {
                return new ChainResult(ChainStatus.Failed, null, attempts, time.GetElapsedTime(started), retryAfter);
            }
        }

        var unanswered = Judgement.Unanswered(total.IsCancellationRequested, attempts);
        return new ChainResult(unanswered, null, attempts, time.GetElapsedTime(started), retryAfter);
    }

    private async Task<Attempted> TryAsync(
        HttpContext context, Provider provider, bool last, Surface surface, ReadOnlyMemory<byte> body, CancellationToken cut)
    {
        if (!clusters.TryGetCluster(provider.Name, out var cluster))
        {
            // Taken out of the configuration while this call was under way.
            return NotMade(provider, AttemptOutcome.ConnectError);
        }

        if (destinations.Pick(context, cluster, provider, evenUnhealthy: last) is not { } pick)
        {
            return NotMade(provider, last ? AttemptOutcome.ConnectError : AttemptOutcome.SkippedUnhealthy);
        }

        var made = default(Attempted);
        var verdict = Verdict.None;
        DestinationPicker.Enter(pick.Destination);
        try
        {
            made = await SendAsync(context, cluster, pick.Destination, provider, surface, body, cut);
            verdict = Judgement.Verdict(made);
            passive.Report(context, cluster, pick.Destination, made.Report.Outcome, made.Owner);
            return made;
        }
        finally
        {
            DestinationPicker.Leave(pick.Destination);
            var wait = Judgement.AsksToWait(made.Report.Status) ? made.RetryAfter : null;
            health.Report(
                provider, pick.Destination, verdict, wait, pick.IsProbe,
                made.Report.Status is { } status ? $"status {status}" : made.Report.Outcome.Name());
        }
    }

    private async Task<Attempted> SendAsync(
        HttpContext context, ClusterState cluster, DestinationState destination, Provider provider, Surface surface,
        ReadOnlyMemory<byte> body, CancellationToken cut)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(surface.AttemptTimeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cut, limit.Token);
        var config = destination.Model.Config;
        var attempt = new ProviderAttempt(provider, config, body, context.TraceIdentifier, time, deadline.Token);

        // What an earlier attempt left would stop the forwarder, and its error would outlive a later success.
        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
        var settings = cluster.Model.Config.HttpRequest ?? ForwarderRequestConfig.Empty;
        var forwarding = forwarder.SendAsync(context, config.Address, cluster.Model.HttpClient,
            settings.ActivityTimeout is null
                ? settings with { ActivityTimeout = surface.AttemptTimeout + TimeSpan.FromSeconds(1) }
                : settings,
            attempt, deadline.Token);
        FaultPoint.Hit("during-forward");
        var error = await forwarding;

        var took = time.GetElapsedTime(started);
        var end = AttemptEnd.Of(error, attempt, context, deadline.Token);
        var outcome = Judgement.Outcome(end, surface.FallbackStatuses);
        if (outcome == AttemptOutcome.Timeout)
        {
            attempt.Connections?.GiveUp();
        }

        var owner = Judgement.Owner(outcome, end, took, surface.AttemptTimeout, context.RequestAborted.IsCancellationRequested);
        return new Attempted(new AttemptReport(provider.Name, outcome, attempt.Status, took), owner, attempt.Answer, attempt.RetryAfter);
    }

    private void Count(AttemptReport report, AttemptOwner owner)
    {
        if (owner == AttemptOwner.Provider)
        {
            metrics.Attempt(report.Provider, report.Outcome.Name(), report.Duration);
        }
        else
        {
            metrics.AttemptCutShort(report.Provider);
        }
    }

    private static Attempted NotMade(Provider provider, AttemptOutcome outcome) =>
        new(new AttemptReport(provider.Name, outcome, null, TimeSpan.Zero), AttemptOwner.Provider, null, null);
}
