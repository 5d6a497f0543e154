using MeteringGateway.Credits;
using MeteringGateway.Errors;
using MeteringGateway.Fallback;
using MeteringGateway.Surfaces;

namespace MeteringGateway.Metering;

/// <summary>What a refusal of the store or of the chain says to the client.</summary>
internal static class Refusals
{
    public static Problem Of(ReserveStatus status, Meter meter, Surface surface, long required) => status switch
    {
        ReserveStatus.InvalidKey => Problem.InvalidKey,
        ReserveStatus.AccountSuspended => Problem.Of(ErrorCode.AccountSuspended, "The account of this key is suspended."),
        ReserveStatus.SurfaceNotAllowed => Problem.Of(ErrorCode.SurfaceNotAllowed, $"This key may not call the surface '{surface.Slug}'."),
        ReserveStatus.RateLimited => new Problem
        {
            Code = ErrorCode.RateLimited,
            Detail = "The key's calls for this minute are used up.",
            RetryAfter = TimeSpan.FromSeconds(60 - meter.Now.Second),
        },
        ReserveStatus.BacklogFull => Problem.Of(ErrorCode.BacklogFull, "Too many charges wait to be written to the ledger."),
        ReserveStatus.InsufficientCredits => new Problem
        {
            Code = ErrorCode.InsufficientCredits,
            Detail = $"The call may cost {required} credits and the balance is {meter.Balance}.",
            RequiredCredits = required,
            RemainingCredits = meter.Balance,
        },
        ReserveStatus.CreditsReserved => new Problem
        {
            Code = ErrorCode.CreditsReserved,
            Detail = $"The call may cost {required} credits; of the balance of {meter.Balance}, calls in flight hold {meter.Held}.",
            RequiredCredits = required,
            RemainingCredits = meter.Balance,
        },
        ReserveStatus.FixedLimit => Limit(ErrorCode.KeyLimitExceeded, meter[0], "key's lifetime limit", required),
        ReserveStatus.DailyLimit => Limit(ErrorCode.KeyLimitExceeded, meter[1], "key's daily limit", required),
        ReserveStatus.WeeklyLimit => Limit(ErrorCode.KeyLimitExceeded, meter[2], "key's weekly limit", required),
        ReserveStatus.MonthlyLimit => Limit(ErrorCode.KeyLimitExceeded, meter[3], "key's monthly limit", required),
        ReserveStatus.AccountBudget => Limit(ErrorCode.AccountBudgetExceeded, meter[Meter.AccountBudget], "account's monthly budget", required),
        ReserveStatus.Unavailable => Unavailable,
        ReserveStatus.Reserved => throw new ArgumentOutOfRangeException(nameof(status), status, "is no refusal"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Problem Unavailable { get; } = Problem.Of(ErrorCode.MeteringUnavailable, "Credits can't be reserved at the moment. Nothing was charged.");

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
        ChainStatus.Succeeded or ChainStatus.ClientLeft => throw new ArgumentOutOfRangeException(nameof(chain), chain.Status, "is no refusal"),
        _ => throw new ArgumentOutOfRangeException(nameof(chain), chain.Status, null),
    };

    private static Problem Limit(ErrorCode code, LimitState limit, string name, long required) => new()
    {
        Code = code,
        Detail = $"The call may cost {required} credits; of the {name} of {limit.Limit}, {limit.Spent} are spent and calls in flight hold {limit.Held}.",
        RequiredCredits = required,
        Limit = new ReachedLimit(limit.Limit!.Value, limit.Spent, limit.ResetsAt),
    };
}
