namespace MeteringGateway.Errors;

/// <summary>Every reason for which a call is refused. <see cref="ErrorCatalog"/> says how each looks from outside.</summary>
internal enum ErrorCode
{
    InvalidJson,
    InvalidRequest,
    InvalidKey,
    InsufficientCredits,
    CreditsReserved,
    KeyLimitExceeded,
    AccountBudgetExceeded,
    SurfaceNotAllowed,
    AccountSuspended,
    Forbidden,
    UnknownSurface,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    Conflict,
    IdempotencyInProgress,
    BodyTooLarge,
    UnsupportedMediaType,
    IdempotencyMismatch,
    RateLimited,
    ProviderRejected,
    InternalError,
    ProvidersFailed,
    MeteringUnavailable,
    BacklogFull,
    ProvidersTimedOut,
}
