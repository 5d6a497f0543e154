using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Calls.Answers;

/// <summary>What a dry run answers.</summary>
/// <param name="Ok">The question was answered, whatever the answer is.</param>
/// <param name="MaxCredits">What would be held.</param>
/// <param name="Code">That of the refusal; null: the call would pass.</param>
internal sealed record DryRunAnswer(
    bool Ok, bool DryRun, string Surface, long MaxCredits, bool WouldPass, string? Code, long RemainingCredits)
{
    /// <summary>
    /// What 402 and 403 would say is the answer; every other refusal is that of the call. Null: the answer has been written.
    /// </summary>
    public static async ValueTask<Problem?> WriteAsync(HttpContext context, MeteredCall call, Problem? refusal, long remaining)
    {
        var facts = refusal is null ? null : ErrorCatalog.Of(refusal.Code);
        if (facts is not (null or { Status: StatusCodes.Status402PaymentRequired or StatusCodes.Status403Forbidden }))
        {
            return refusal;
        }

        call.Outcome = "dry_run";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
        var answer = new DryRunAnswer(
            Ok: true, DryRun: true, call.Surface!.Slug, call.Quote.Credits, WouldPass: facts is null, facts?.Name, remaining);
        await context.Response.WriteAsJsonAsync(answer, WireJson.Options, "application/json", context.RequestAborted);
        return null;
    }
}
