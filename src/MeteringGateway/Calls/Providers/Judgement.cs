using MeteringGateway.Calls.Providers.Health;
using MeteringGateway.Http.Bounds;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Calls.Providers;

/// <summary>All that is known of an attempt once the forwarder has returned, without the request that it was made for.</summary>
/// <param name="Error">What the forwarder returned.</param>
/// <param name="Failure">The exception behind the error; null: there was none.</param>
/// <param name="Answered">The status of the answer that arrived whole; null: none did.</param>
/// <param name="IsOverloaded">The gateway had no memory to hold the answer.</param>
/// <param name="IsTooLarge">The answer was larger than this gateway holds back.</param>
/// <param name="IsOutOfTime">The attempt's deadline has passed, or the call's, or the client has left.</param>
internal readonly record struct AttemptEnd(
    ForwarderError Error, Exception? Failure, int? Answered, bool IsOverloaded, bool IsTooLarge, bool IsOutOfTime)
{
    public static AttemptEnd Of(ForwarderError error, ProviderAttempt attempt, HttpContext context, CancellationToken deadline) => new(
        error, context.Features.Get<IForwarderErrorFeature>()?.Exception, attempt.Answer?.Status, attempt.IsOverloaded, attempt.IsTooLarge,
        deadline.IsCancellationRequested || context.RequestAborted.IsCancellationRequested);
}

/// <summary>
/// What an attempt was: how it ended, its owner, and what it says about the provider. Pure: every case stands in a table.
/// </summary>
internal static class Judgement
{
    /// <summary>An attempt that had this share of its time had its time: timers and the way through the pool take some.</summary>
    private const double NearlyAll = 0.9;

    /// <summary>Success is what the forwarder returned together with a whole body, never the status code alone.</summary>
    public static AttemptOutcome Outcome(AttemptEnd end, IReadOnlySet<int> fallbackStatuses)
    {
        if (end.IsOverloaded || (end.Answered is null && BufferBudget.IsExhausted(end.Failure)))
        {
            return AttemptOutcome.Overloaded;
        }

        if (end is { Error: ForwarderError.None, Answered: { } status })
        {
            return Of(status, fallbackStatuses);
        }

        if (end.IsOutOfTime || end.Error == ForwarderError.RequestTimedOut)
        {
            return AttemptOutcome.Timeout;
        }

        return (end.Failure as HttpRequestException)?.HttpRequestError
            is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            ? AttemptOutcome.ConnectError
            : AttemptOutcome.BadResponse;
    }

    public static AttemptOwner Owner(
        AttemptOutcome outcome, AttemptEnd end, TimeSpan took, TimeSpan attemptTimeout, bool clientLeft) => outcome switch
        {
            AttemptOutcome.Success => AttemptOwner.Provider,
            _ when clientLeft => AttemptOwner.Client,
            AttemptOutcome.Timeout when took < attemptTimeout * NearlyAll && end.Error != ForwarderError.RequestTimedOut =>
                AttemptOwner.Gateway,
            AttemptOutcome.Overloaded => AttemptOwner.Gateway,
            AttemptOutcome.BadResponse when end.IsTooLarge || end.Error == ForwarderError.RequestCreation => AttemptOwner.Gateway,
            _ => AttemptOwner.Provider,
        };

    /// <summary>
    /// An attempt whose answer went out as it came, once it has ended: its first byte has been counted for the provider already.
    /// </summary>
    public static Attempted OfStream(Attempted begun, StreamEnd end) => end switch
    {
        StreamEnd.Whole or StreamEnd.Stopped => begun,
        StreamEnd.BrokeOff => begun with { Report = begun.Report with { Outcome = AttemptOutcome.BadResponse } },
        StreamEnd.TimedOut => begun with { Report = begun.Report with { Outcome = AttemptOutcome.Timeout } },
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, null),
    };

    /// <summary>A provider that refuses a request is well. One that has no time for it, or breaks on it, is not.</summary>
    public static Verdict Verdict(Attempted made) => made switch
    {
        { Owner: not AttemptOwner.Provider } or { IsStreamed: true, Report.Outcome: AttemptOutcome.Success } =>
            Calls.Providers.Health.Verdict.None,
        { Report.Outcome: AttemptOutcome.Success or AttemptOutcome.Rejected } =>
            AsksToWait(made.Report.Status) ? Calls.Providers.Health.Verdict.Bad : Calls.Providers.Health.Verdict.Good,
        { Report: { Outcome: AttemptOutcome.Status or AttemptOutcome.EndingStatus, Status: not (408 or 429 or >= 500) } } =>
            Calls.Providers.Health.Verdict.Good,
        _ => Calls.Providers.Health.Verdict.Bad,
    };

    /// <summary>
    /// The statuses with which <c>Retry-After</c> speaks of the provider as a whole; with others it may speak of this request alone.
    /// </summary>
    public static bool AsksToWait(int? status) => status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    /// <summary>
    /// What a chain comes to that no provider has answered or ended: timed out where its time is up, or where nothing but time went wrong.
    /// </summary>
    public static ChainStatus Unanswered(bool timeIsUp, IReadOnlyList<AttemptReport> attempts) =>
        timeIsUp || (attempts.Any(made => made.Outcome == AttemptOutcome.Timeout)
            && attempts.All(made => made.Outcome is AttemptOutcome.Timeout or AttemptOutcome.SkippedUnhealthy))
            ? ChainStatus.TimedOut
            : ChainStatus.Failed;

    private static AttemptOutcome Of(int status, IReadOnlySet<int> fallbackStatuses) => status switch
    {
        _ when fallbackStatuses.Contains(status) => AttemptOutcome.Status,
        >= 200 and < 300 => AttemptOutcome.Success,
        >= 400 and < 500 => AttemptOutcome.Rejected,
        _ => AttemptOutcome.EndingStatus,
    };
}
