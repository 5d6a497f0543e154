using System.Collections.Frozen;

namespace MeteringGateway.Http.Errors;

/// <summary>
/// What a code looks like from outside, whether the same call may succeed when it is sent again unchanged,
/// and what <c>Retry-After</c> then says unless the caller knows better.
/// </summary>
internal sealed record ErrorFacts(string Name, int Status, string Title, bool Retryable = false, TimeSpan? RetryAfter = null);

/// <summary>The one place that maps a code to its name, HTTP status and title.</summary>
internal static class ErrorCatalog
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>Only a person can change it, by a setting: asking more often than that makes nothing better.</summary>
    private static readonly TimeSpan OnceDecided = TimeSpan.FromHours(1);

    private static readonly FrozenDictionary<ErrorCode, ErrorFacts> Facts = new Dictionary<ErrorCode, ErrorFacts>
    {
        [ErrorCode.InvalidJson] = new("invalid_json", 400, "The body is not valid JSON"),
        [ErrorCode.InvalidRequest] = new("invalid_request", 400, "The request is not valid"),
        [ErrorCode.InvalidSignature] = new("invalid_signature", 400, "The signature is not valid"),
        [ErrorCode.InvalidKey] = new("invalid_key", 401, "No valid credentials"),
        [ErrorCode.InsufficientCredits] = new("insufficient_credits", 402, "Not enough credits"),
        [ErrorCode.CreditsReserved] = new("credits_reserved", 402, "Credits are held by calls in flight", Retryable: true, Soon),
        [ErrorCode.KeyLimitExceeded] = new("key_limit_exceeded", 402, "The key's spending limit is reached"),
        [ErrorCode.AccountBudgetExceeded] = new("account_budget_exceeded", 402, "The account's monthly budget is reached"),
        [ErrorCode.PaymentDeclined] = new("payment_declined", 402, "The payment was declined"),
        [ErrorCode.PaymentRequired] = new("payment_required", 402, "The customer has to pay on a page"),
        [ErrorCode.SurfaceNotAllowed] = new("surface_not_allowed", 403, "The key may not use this surface"),
        [ErrorCode.AccountSuspended] = new("account_suspended", 403, "The account is suspended"),
        [ErrorCode.Forbidden] = new("forbidden", 403, "Not allowed with these credentials"),
        [ErrorCode.RoleRequired] = new("role_required", 403, "Another role in the team is needed"),
        [ErrorCode.SignUpClosed] = new("sign_up_closed", 403, "Nobody can sign up here"),
        [ErrorCode.UnknownSurface] = new("unknown_surface", 404, "No such surface"),
        [ErrorCode.NotFound] = new("not_found", 404, "Not found"),
        [ErrorCode.MethodNotAllowed] = new("method_not_allowed", 405, "The method is not allowed here"),
        [ErrorCode.RequestTimeout] = new("request_timeout", 408, "The request did not arrive in time", Retryable: true),
        [ErrorCode.Conflict] = new("conflict", 409, "The request conflicts with what is there"),
        [ErrorCode.IdempotencyInProgress] = new(
            "idempotency_in_progress", 409, "The first call with this idempotency key is still running", Retryable: true, Soon),
        [ErrorCode.IdempotencyBodyNotKept] = new(
            "idempotency_body_not_kept", 409, "The first answer with this idempotency key was not kept"),
        [ErrorCode.BodyTooLarge] = new("body_too_large", 413, "The body is too large"),
        [ErrorCode.UnsupportedMediaType] = new("unsupported_media_type", 415, "The content type is not supported"),
        [ErrorCode.IdempotencyMismatch] = new("idempotency_mismatch", 422, "The idempotency key belongs to another request"),
        [ErrorCode.RateLimited] = new("rate_limited", 429, "Too many requests", Retryable: true, Soon),
        [ErrorCode.ProviderRejected] = new("provider_rejected", 422, "The provider refused the request"),
        [ErrorCode.InternalError] = new("internal_error", 500, "The gateway failed"),
        [ErrorCode.ProvidersFailed] = new("providers_failed", 502, "No provider answered", Retryable: true),
        [ErrorCode.MeteringUnavailable] = new("metering_unavailable", 503, "Metering is not available", Retryable: true, Soon),
        [ErrorCode.BacklogFull] = new("backlog_full", 503, "The ledger is behind", Retryable: true, Later),
        [ErrorCode.Overloaded] = new("overloaded", 503, "The gateway has no room for this call now", Retryable: true, Soon),
        [ErrorCode.PaymentsDisabled] = new("payments_disabled", 503, "Payments are not available here", RetryAfter: OnceDecided),
        [ErrorCode.ProvidersTimedOut] = new("providers_timed_out", 504, "No provider answered in time", Retryable: true),
    }.ToFrozenDictionary();

    public static ErrorFacts Of(ErrorCode code) => Facts[code];

    /// <summary>The code for an answer that the framework gave without a body; null where its status needs none.</summary>
    public static ErrorCode? ForStatus(int status) => status switch
    {
        404 => ErrorCode.NotFound,
        405 => ErrorCode.MethodNotAllowed,
        408 => ErrorCode.RequestTimeout,
        413 => ErrorCode.BodyTooLarge,
        415 => ErrorCode.UnsupportedMediaType,
        >= 400 and < 500 => ErrorCode.InvalidRequest,
        >= 500 => ErrorCode.InternalError,
        _ => null,
    };
}
