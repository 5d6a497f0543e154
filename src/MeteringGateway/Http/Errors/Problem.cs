using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MeteringGateway.Http.Errors;

/// <summary>
/// A refusal as the client sees it (RFC 9457), with the members that its code carries. The result of an endpoint,
/// and what the hot path writes itself.
/// </summary>
internal sealed class Problem : IResult, IEndpointMetadataProvider
{
    /// <summary>
    /// A person mends twenty at a time; an answer of many times the size of its request is a lever for an attacker that wants to use
    /// up our line.
    /// </summary>
    public const int MostErrors = 20;

    public required ErrorCode Code { get; init; }
    public required string Detail { get; init; }
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>How many there are beyond <see cref="Errors"/>; null: none.</summary>
    public int? MoreErrors { get; init; }
    public long? RequiredCredits { get; init; }
    public long? RemainingCredits { get; init; }

    /// <summary>What the first call with this idempotency key was charged.</summary>
    public long? FirstCreditsCharged { get; init; }
    public ReachedLimit? Limit { get; init; }

    /// <summary>The payment provider's page, where the customer has to go.</summary>
    public string? RedirectUrl { get; init; }
    public IReadOnlyList<string>? Surfaces { get; init; }

    /// <summary>Writes the value (an array) of <c>provider_attempts</c>.</summary>
    public Action<System.Text.Json.Utf8JsonWriter>? ProviderAttempts { get; init; }

    /// <summary>The provider's own body: passed on byte for byte where it is JSON, as a string where it is not.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>The status to answer with in place of the code's own: a rejection is passed on as the provider gave it.</summary>
    public int? Status { get; init; }
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Reads the same for a missing, unknown, revoked and expired credential, so that nothing can be probed.</summary>
    public static Problem InvalidKey { get; } = Of(ErrorCode.InvalidKey, "Send a valid key as 'Authorization: Bearer …'.");

    /// <summary>Whatever is full (memory, a queue), in one sentence: which of them is no client's business.</summary>
    public static Problem Overloaded { get; } = Of(
        ErrorCode.Overloaded, "The gateway has no room for this call at the moment. Nothing was charged; send it again.");

    public static Problem Of(ErrorCode code, string detail) => new() { Code = code, Detail = detail };

    public static Problem InvalidRequest(params IReadOnlyList<FieldError> errors) => new()
    {
        Code = ErrorCode.InvalidRequest,
        Detail = errors.Count == 1 ? $"{errors[0].Pointer} {errors[0].Detail}"
            : errors.Count <= MostErrors ? string.Create(CultureInfo.InvariantCulture, $"{errors.Count} fields are not valid.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{errors.Count} fields are not valid. The first {MostErrors} are listed, {errors.Count - MostErrors} more are not."),
        Errors = errors.Count <= MostErrors ? errors : [.. errors.Take(MostErrors)],
        MoreErrors = errors.Count <= MostErrors ? null : errors.Count - MostErrors,
    };

    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext).AsTask();

    /// <summary>
    /// A handler whose result lists a problem may refuse. With which codes, the operation's note says and not the handler: one handler may
    /// stand behind two routes, which their groups close in two ways.
    /// </summary>
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(MayRefuse.Instance);

    public ValueTask WriteAsync(HttpContext context) => ProblemWriter.WriteAsync(context, this);
}

/// <summary>On an endpoint whose handler has <see cref="Problem"/> among its outcomes.</summary>
internal sealed class MayRefuse
{
    public static readonly MayRefuse Instance = new();
}

/// <summary>The limit that stands in the way. <paramref name="ResetsAt"/> is null for a limit that never resets.</summary>
internal sealed record ReachedLimit(long Limit, long Spent, DateTimeOffset? ResetsAt);
