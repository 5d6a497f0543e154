using System.Diagnostics;
using MeteringGateway.Calls.Providers.Connections;
using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Telemetry;
using Microsoft.Extensions.Options;
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
    PassiveHealth passive, IOptions<AnswersOptions> answers, IOptions<TracingOptions> tracing, StreamStop stop, GatewayMetrics metrics,
    TimeProvider time)
{
    /// <summary>
    /// A timer ticks in milliseconds and may be one early: an attempt that has less time than this would end before it has begun.
    /// </summary>
    private static readonly TimeSpan s_leastTime = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// An attempt's own deadline is an hour at most and runs over all of it, where the forwarder's restarts with every byte: that one is
    /// so far away that it never ends an attempt first, unless the cluster sets it.
    /// </summary>
    private static readonly ForwarderRequestConfig s_settings = new() { ActivityTimeout = TimeSpan.FromHours(2) };

    private readonly AttemptDeadlines _deadlines = new(time);
    private readonly ProviderAddresses _addresses = new();

    /// <summary>
    /// One absolute deadline runs over all attempts, and one over each: an attempt ends at whichever comes first. Both end with the first
    /// byte of an answer that goes out as it comes.
    /// </summary>
    /// <param name="taker">Takes such an answer, at most once: after it nothing else is tried.</param>
    public async Task<ChainResult> SendAsync(
        HttpContext context, Surface surface, SurfaceCatalog catalog, ProviderRequest request, Func<StreamedAnswer, Task<StreamEnd>> taker)
    {
        var started = time.GetTimestamp();
        var attempts = new List<AttemptReport>(surface.Providers.Length);
        TimeSpan? retryAfter = null;
        var left = surface.TotalTimeout;
        for (var i = 0; i < surface.Providers.Length && left > s_leastTime; i++)
        {
            var provider = catalog.Providers[surface.Providers[i]];
            var last = i == surface.Providers.Length - 1;
            var call = new Call(context, surface, request, attempts, taker);
            var (report, owner, answer, wait, streamed) =
                await (CallTrace.IsOn ? TraceAsync(call, provider, last, left) : TryAsync(call, provider, last, left));
            var took = time.GetElapsedTime(started);
            left = surface.TotalTimeout - took;
            if (streamed)
            {
                attempts.Add(report);
                Count(report, owner);
                return new ChainResult(ChainStatus.Streamed, null, attempts, took);
            }

            if (owner == AttemptOwner.Client)
            {
                return new ChainResult(ChainStatus.ClientLeft, null, attempts, took);
            }

            if (report.Outcome == AttemptOutcome.Overloaded)
            {
                // The next provider's answer would find no more room, and no provider is to blame.
                return new ChainResult(ChainStatus.Overloaded, null, attempts, took);
            }

            attempts.Add(report);
            Count(report, owner);
            retryAfter = wait;
            if (report.Outcome is AttemptOutcome.Success or AttemptOutcome.Rejected)
            {
                var status = report.Outcome == AttemptOutcome.Success ? ChainStatus.Succeeded : ChainStatus.Rejected;
                return new ChainResult(status, answer, attempts, took, retryAfter);
            }

            if (report.Outcome == AttemptOutcome.EndingStatus)
            {
                return new ChainResult(ChainStatus.Failed, null, attempts, took, retryAfter);
            }
        }

        var unanswered = Judgement.Unanswered(left <= s_leastTime, attempts);
        return new ChainResult(unanswered, null, attempts, time.GetElapsedTime(started), retryAfter);
    }

    private async ValueTask<Attempted> TraceAsync(Call call, Provider provider, bool last, TimeSpan left)
    {
        using var span = CallTrace.Begin("attempt", ActivityKind.Client);
        span?.SetTag(CallTrace.Provider, provider.Name);
        var attempted = await TryAsync(call, provider, last, left);
        span?.SetTag(CallTrace.Outcome, attempted.Report.Outcome.Name());
        span?.SetTag(CallTrace.Status, attempted.Report.Status);
        var isAnswer = attempted.Report.Outcome is AttemptOutcome.Success or AttemptOutcome.Rejected;
        span?.SetStatus(isAnswer ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        return attempted;
    }

    private async ValueTask<Attempted> TryAsync(Call call, Provider provider, bool last, TimeSpan left)
    {
        var (context, surface) = (call.Context, call.Surface);
        if (!clusters.TryGetCluster(provider.Name, out var cluster))
        {
            // Taken out of the configuration while this call was under way.
            return NotMade(provider, AttemptOutcome.ConnectError);
        }

        if (destinations.Pick(context, cluster, provider, evenUnhealthy: last) is not { } pick)
        {
            return NotMade(provider, last ? AttemptOutcome.ConnectError : AttemptOutcome.SkippedUnhealthy);
        }

        var (made, verdict, isProbe) = (default(Attempted), Verdict.None, pick.IsProbe);
        var started = time.GetTimestamp();
        var deadline = _deadlines.Begin(surface.AttemptTimeout < left ? surface.AttemptTimeout : left);
        DestinationPicker.Enter(pick.Destination);
        try
        {
            var config = pick.Destination.Model.Config;
            var client = ((ProviderClient)cluster.Model.HttpClient).ForAttempt(
                call.Request.Body, SentHeaders.OfBody(context.Request, allPass: call.Request.Target is not null));
            var attempt = new ProviderAttempt(
                provider, config, _addresses, BodyLease.Of(context), context.TraceIdentifier, time, surface, call.Request,
                answers.Value.HoldBytes, stop, HandOnAsync)
            {
                PassesTrace = tracing.Value.PassToProviders,
            };
            ForgetEarlier(context);
            var forwarding = forwarder.SendAsync(context, config.Address, client, Settings(cluster), attempt, deadline.Token);
            FaultPoint.Hit("during-forward");
            var error = await forwarding;
            made = attempt.Streamed is { } streamed
                ? Judgement.OfStream(made, streamed)
                : Judge(
                    context, provider, surface, attempt, client, AttemptEnd.Of(error, attempt, context, deadline.Token),
                    passesOn: call.Request.Target is not null, time.GetElapsedTime(started));
            verdict = Judgement.Verdict(made);
            passive.Report(context, cluster, pick.Destination, made.Report.Outcome, made.Owner);
            if (made.Owner == AttemptOwner.Provider)
            {
                health.CircuitOf(pick.Destination).Count(made.Report.Outcome, Words(made.Report));
            }

            return made;
        }
        finally
        {
            DestinationPicker.Leave(pick.Destination);
            _deadlines.End(deadline);
            var wait = Judgement.AsksToWait(made.Report.Status) ? made.RetryAfter : null;
            health.Report(provider, pick.Destination, verdict, wait, isProbe, verdict == Verdict.Bad ? Words(made.Report) : "");
        }

        // With its first byte a provider is well; a stream that takes minutes must not keep others from learning it.
        Task<StreamEnd> HandOnAsync(StreamedAnswer answer, ProviderAttempt attempt)
        {
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            var report = new AttemptReport(provider.Name, AttemptOutcome.Success, attempt.Status, time.GetElapsedTime(started));
            made = new Attempted(report, AttemptOwner.Provider, null, null, IsStreamed: true);
            health.Report(provider, pick.Destination, Verdict.Good, null, isProbe, "");
            isProbe = false;
            answer.Attempts = [.. call.Made, report];
            return call.Taker(answer);
        }
    }

    /// <summary>What an earlier attempt left would stop the forwarder, and its error would outlive a later success.</summary>
    private static void ForgetEarlier(HttpContext context)
    {
        if (context.Response.StatusCode != StatusCodes.Status200OK || context.Features.Get<IForwarderErrorFeature>() is not null)
        {
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
        }
    }

    private static ForwarderRequestConfig Settings(ClusterState cluster) => cluster.Model.Config.HttpRequest switch
    {
        null => s_settings,
        { ActivityTimeout: null } settings => settings with { ActivityTimeout = s_settings.ActivityTimeout },
        var settings => settings,
    };

    private static Attempted Judge(
        HttpContext context, Provider provider, Surface surface, ProviderAttempt attempt, AttemptClient client, AttemptEnd end,
        bool passesOn, TimeSpan took)
    {
        var outcome = Judgement.Outcome(end, surface.FallbackStatuses);
        if (outcome == AttemptOutcome.EndingStatus && passesOn && end.Answered == StatusCodes.Status304NotModified)
        {
            // What the client asked for with If-None-Match: no answer that costs, and no failure either.
            outcome = AttemptOutcome.Rejected;
        }

        if (outcome == AttemptOutcome.Timeout)
        {
            client.Connections?.GiveUp();
        }

        var owner = Judgement.Owner(outcome, end, took, surface.AttemptTimeout, context.RequestAborted.IsCancellationRequested);
        return new Attempted(new AttemptReport(provider.Name, outcome, attempt.Status, took), owner, attempt.Answer, attempt.RetryAfter);
    }

    /// <summary>An answer that broke off has a status too, which is not what went wrong.</summary>
    private static string Words(AttemptReport report) =>
        report is { Status: { } status, Outcome: AttemptOutcome.Status or AttemptOutcome.EndingStatus or AttemptOutcome.Rejected }
            ? $"status {status}"
            : report.Outcome.Name();

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

    /// <summary>What is the same for all attempts of a call, and those that were made.</summary>
    private readonly record struct Call(
        HttpContext Context, Surface Surface, ProviderRequest Request, List<AttemptReport> Made,
        Func<StreamedAnswer, Task<StreamEnd>> Taker);

    private static Attempted NotMade(Provider provider, AttemptOutcome outcome) =>
        new(new AttemptReport(provider.Name, outcome, null, TimeSpan.Zero), AttemptOwner.Provider, null, null);
}
