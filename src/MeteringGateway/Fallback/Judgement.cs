using MeteringGateway.Edge;
using MeteringGateway.Surfaces;
using Yarp.ReverseProxy.Forwarder;

namespace MeteringGateway.Fallback;

/// <summary>What an attempt was: how it ended, who has to answer for that, and what it says about the provider.</summary>
internal static class Judgement
{
    /// <summary>An attempt that had this share of its time had its time: timers and the way through the pool take some.</summary>
    private const double NearlyAll = 0.9;

    /// <summary>Success is what the forwarder returned together with a whole body, never the status code alone.</summary>
    public static AttemptOutcome Outcome(ForwarderError error, ProviderAttempt attempt, Surface surface, HttpContext context, CancellationToken deadline)
    {
        if (attempt.IsOverloaded || (attempt.Answer is null && BufferBudget.IsExhausted(context.Features.Get<IForwarderErrorFeature>()?.Exception)))
        {
            return AttemptOutcome.Overloaded;
        }

        if (error == ForwarderError.None && attempt.Answer is { } answer)
        {
            return Of(answer.Status, surface);
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

    public static AttemptOwner Owner(AttemptOutcome outcome, ForwarderError error, ProviderAttempt attempt, Surface surface, TimeSpan took, CancellationToken client) => outcome switch
    {
        AttemptOutcome.Success => AttemptOwner.Provider,
        _ when client.IsCancellationRequested => AttemptOwner.Client,
        AttemptOutcome.Timeout when took < surface.AttemptTimeout * NearlyAll && error != ForwarderError.RequestTimedOut => AttemptOwner.Gateway,
        AttemptOutcome.Overloaded => AttemptOwner.Gateway,
        AttemptOutcome.BadResponse when attempt.IsTooLarge || error == ForwarderError.RequestCreation => AttemptOwner.Gateway,
        _ => AttemptOwner.Provider,
    };

    /// <summary>A provider that refuses a request is well. One that has no time for it, or breaks on it, is not.</summary>
    public static Verdict Verdict(Attempted made) => made switch
    {
        { Owner: not AttemptOwner.Provider } => Fallback.Verdict.None,
        { Report.Outcome: AttemptOutcome.Success or AttemptOutcome.Rejected } => AsksToWait(made.Report.Status) ? Fallback.Verdict.Bad : Fallback.Verdict.Good,
        { Report: { Outcome: AttemptOutcome.Status or AttemptOutcome.EndingStatus, Status: not (408 or 429 or >= 500) } } => Fallback.Verdict.Good,
        _ => Fallback.Verdict.Bad,
    };

    /// <summary>The statuses with which <c>Retry-After</c> speaks of the provider as a whole; with others it may speak of this request alone.</summary>
    public static bool AsksToWait(int? status) => status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    private static AttemptOutcome Of(int status, Surface surface) => status switch
    {
        _ when surface.FallbackStatuses.Contains(status) => AttemptOutcome.Status,
        >= 200 and < 300 => AttemptOutcome.Success,
        >= 400 and < 500 => AttemptOutcome.Rejected,
        _ => AttemptOutcome.EndingStatus,
    };
}
