using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Calls.Answers;

/// <summary>What a refusal by Redis or by the provider chain says to the client.</summary>
internal static class Refusals
{
    public static Problem Of(ReserveStatus status, BalanceSnapshot snapshot, Surface surface, long required) => status switch
    {
        ReserveStatus.InvalidKey => Of(InspectionStatus.InvalidKey, surface),
        ReserveStatus.AccountSuspended => Of(InspectionStatus.AccountSuspended, surface),
        ReserveStatus.SurfaceNotAllowed => Of(InspectionStatus.SurfaceNotAllowed, surface),
        ReserveStatus.RateLimited => new Problem
        {
            Code = ErrorCode.RateLimited,
            Detail = "The key's calls for this minute are used up.",
            RetryAfter = TimeSpan.FromSeconds(60 - snapshot.Now.Second),
        },
        ReserveStatus.BacklogFull => Problem.Of(ErrorCode.BacklogFull, "Too many charges wait to be written to the ledger."),
        ReserveStatus.InsufficientCredits => new Problem
        {
            Code = ErrorCode.InsufficientCredits,
            Detail = $"The call may cost {required} credits and the balance is {snapshot.Balance}.",
            RequiredCredits = required,
            RemainingCredits = snapshot.Balance,
        },
        ReserveStatus.CreditsReserved => new Problem
        {
            Code = ErrorCode.CreditsReserved,
            Detail = $"The call may cost {required} credits; of the balance of {snapshot.Balance}, calls in flight hold {snapshot.Held}.",
            RequiredCredits = required,
            RemainingCredits = snapshot.Balance,
        },
        ReserveStatus.FixedLimit => KeyLimit(snapshot, Period.Fixed, "lifetime", required),
        ReserveStatus.DailyLimit => KeyLimit(snapshot, Period.Daily, "daily", required),
        ReserveStatus.WeeklyLimit => KeyLimit(snapshot, Period.Weekly, "weekly", required),
        ReserveStatus.MonthlyLimit => KeyLimit(snapshot, Period.Monthly, "monthly", required),
        ReserveStatus.AccountBudget => Limit(ErrorCode.AccountBudgetExceeded, snapshot.AccountBudget, "account's monthly budget", required),
        ReserveStatus.IdempotencyInProgress => InProgress,
        ReserveStatus.IdempotencyMismatch => Mismatch,
        // The second where the record of the first call can't be read: whether this one may run is not known.
        ReserveStatus.Unavailable or ReserveStatus.IdempotencyCharged => Unavailable,
        ReserveStatus.Reserved => throw new ArgumentOutOfRangeException(nameof(status), status, "is no refusal"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>For a call that was refused before a reservation.</summary>
    public static Problem Of(InspectionStatus status, Surface surface) => status switch
    {
        InspectionStatus.InvalidKey => Problem.InvalidKey,
        InspectionStatus.AccountSuspended => Problem.Of(ErrorCode.AccountSuspended, "The account of this key is suspended."),
        InspectionStatus.SurfaceNotAllowed =>
            Problem.Of(ErrorCode.SurfaceNotAllowed, $"This key may not call the surface '{surface.Slug}'."),
        InspectionStatus.Unavailable => Unavailable,
        InspectionStatus.Active => throw new ArgumentOutOfRangeException(nameof(status), status, "is no refusal"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Problem Unavailable { get; } = Problem.Of(
        ErrorCode.MeteringUnavailable, "Credits can't be reserved at the moment. Nothing was charged.");

    public static Problem InProgress { get; } = Problem.Of(
        ErrorCode.IdempotencyInProgress, "The first call with this Idempotency-Key has no answer yet.");

    public static Problem Mismatch { get; } = Problem.Of(
        ErrorCode.IdempotencyMismatch,
        "This Idempotency-Key has been used for another request: a repeat must have the same surface, method, path, query and body.");

    /// <summary>More than an account may have at once: repeats that are answered, or calls that hold nothing and have a key.</summary>
    public static Problem TooManyRepeats { get; } = new()
    {
        Code = ErrorCode.RateLimited,
        Detail = "Too many calls of this account with an Idempotency-Key are under way.",
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static Problem Of(ChainResult chain) => chain.Status switch
    {
        ChainStatus.Rejected => new Problem
        {
            Code = ErrorCode.ProviderRejected,
            Detail = $"The provider '{chain.Answer!.Provider}' refused the request.",
            Status = chain.Answer.Status,
            RetryAfter = chain.RetryAfter,
            Result = chain.Answer.Body,
            ProviderAttempts = writer => Envelope.WriteAttempts(writer, chain.Attempts),
        },
        ChainStatus.TimedOut => new Problem
        {
            Code = ErrorCode.ProvidersTimedOut,
            Detail = "No provider answered in time.",
            RetryAfter = chain.RetryAfter,
            ProviderAttempts = writer => Envelope.WriteAttempts(writer, chain.Attempts),
        },
        ChainStatus.Failed => new Problem
        {
            Code = ErrorCode.ProvidersFailed,
            Detail = "No provider answered.",
            RetryAfter = chain.RetryAfter,
            ProviderAttempts = writer => Envelope.WriteAttempts(writer, chain.Attempts),
        },
        ChainStatus.Overloaded => Problem.Overloaded,
        ChainStatus.Succeeded or ChainStatus.Streamed or ChainStatus.ClientLeft =>
            throw new ArgumentOutOfRangeException(nameof(chain), chain.Status, "is no refusal"),
        _ => throw new ArgumentOutOfRangeException(nameof(chain), chain.Status, null),
    };

    private static Problem KeyLimit(BalanceSnapshot snapshot, Period period, string name, long required) =>
        Limit(ErrorCode.KeyLimitExceeded, snapshot.LimitOf(period), $"key's {name} limit", required);

    private static Problem Limit(ErrorCode code, LimitState limit, string name, long required) => new()
    {
        Code = code,
        Detail = $"The call may cost {required} credits; of the {name} of {limit.Limit}, {limit.Spent} are spent and calls in flight "
            + $"hold {limit.Held}.",
        RequiredCredits = required,
        Limit = new ReachedLimit(limit.Limit!.Value, limit.Spent, limit.ResetsAt),
    };
}
