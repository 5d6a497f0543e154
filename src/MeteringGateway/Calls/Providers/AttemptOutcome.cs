namespace MeteringGateway.Calls.Providers;

/// <summary>How one try at one provider ended. The names in answers and metrics are the contract's.</summary>
internal enum AttemptOutcome
{
    /// <summary>A 2xx whose body arrived whole.</summary>
    Success,

    /// <summary>A status that asks for the next provider.</summary>
    Status,

    /// <summary>A status that is no answer and that the surface does not list as one to fall back on: it ends the chain.</summary>
    EndingStatus,

    /// <summary>Nothing, or not everything, within the attempt's or the call's time.</summary>
    Timeout,

    /// <summary>No connection could be made.</summary>
    ConnectError,

    /// <summary>Cut short, or not the JSON it said, or beyond the bound.</summary>
    BadResponse,

    /// <summary>Not tried: it is out, and another provider was left.</summary>
    SkippedUnhealthy,

    /// <summary>A 4xx that no other provider would answer differently: the request itself is wrong.</summary>
    Rejected,

    /// <summary>The gateway had no memory for the answer: said to nobody, counted against nobody.</summary>
    Overloaded,
}

/// <summary>The party that has to answer for how an attempt ended. Health and metrics of a provider go by what is the provider's.</summary>
internal enum AttemptOwner
{
    Provider,

    /// <summary>
    /// A bound of ours ended it: the call's total time before the attempt had its own, or an answer larger than is held back.
    /// </summary>
    Gateway,

    /// <summary>The client left.</summary>
    Client,
}

internal static class AttemptOutcomes
{
    public static string Name(this AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Success => "success",
        AttemptOutcome.Status or AttemptOutcome.EndingStatus or AttemptOutcome.Rejected => "status",
        AttemptOutcome.Timeout => "timeout",
        AttemptOutcome.ConnectError => "connect_error",
        AttemptOutcome.BadResponse => "bad_response",
        AttemptOutcome.Overloaded => "overloaded",
        AttemptOutcome.SkippedUnhealthy => "skipped_unhealthy",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}

/// <summary>One line of <c>provider_attempts</c>. <paramref name="Status"/> is null where no status arrived.</summary>
internal readonly record struct AttemptReport(string Provider, AttemptOutcome Outcome, int? Status, TimeSpan Duration);

/// <summary>An attempt with all that the chain goes on by; <paramref name="Answer"/> is there once a whole one has arrived.</summary>
/// <param name="IsStreamed">The answer has gone out as it came.</param>
internal readonly record struct Attempted(
    AttemptReport Report, AttemptOwner Owner, ProviderAnswer? Answer, TimeSpan? RetryAfter, bool IsStreamed = false);
