using System.Diagnostics;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.History;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// The metered call, at <c>POST /api/v1/query</c> and under the providers' own paths: who calls, what it costs, and then the way that its
/// key and its price lead it. The order of the stages; each of them knows nothing of the others.
/// </summary>
internal sealed class MeteringEndpoint(
    KeyAuthenticator keys, CallReader reader, KeyInspector inspector, PaidCall paid, FreeCall free, DryRun dryRun, TestKeyCall sandbox,
    CallLog history, RefusalCounts refusals, BufferBudget buffers, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>What metrics call a surface that no call may name.</summary>
    private const string NoSurface = "none";

    private static readonly string s_rateLimited = ErrorCatalog.Of(ErrorCode.RateLimited).Name;
    private static readonly string s_overloaded = ErrorCatalog.Of(ErrorCode.Overloaded).Name;

    public Task InvokeAsync(HttpContext context) => MeterAsync(context, new MeteredCall());

    /// <param name="context">Of the request.</param>
    /// <param name="call">With its surface where its path has told it.</param>
    public Task MeterAsync(HttpContext context, MeteredCall call) =>
        CallTrace.IsOn ? TraceAsync(context, call) : RunAsync(context, call);

    private async Task TraceAsync(HttpContext context, MeteredCall call)
    {
        using var span = CallTrace.BeginCall(context);
        try
        {
            await RunAsync(context, call);
        }
        finally
        {
            span?.SetTag(CallTrace.Surface, call.Surface?.Slug ?? NoSurface);
            span?.SetTag(CallTrace.Outcome, call.Outcome);
            span?.SetTag(CallTrace.Status, context.Response.StatusCode);
            var isFailure = context.Response.StatusCode >= StatusCodes.Status500InternalServerError;
            span?.SetStatus(isFailure ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }

    private async Task RunAsync(HttpContext context, MeteredCall call)
    {
        var started = time.GetTimestamp();
        using var lease = BodyLease.Begin(context, buffers);
        call.Note = () => Note(context, call);
        try
        {
            var refusal = await AdmitAsync(context, call) ?? await AnswerAsync(context, call);
            if (refusal is not null)
            {
                call.Outcome = ErrorCatalog.Of(refusal.Code).Name;
                call.Note();
                await refusal.WriteAsync(context);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client left, or broke its body: no error of ours. What it is answered, if it is there, is not decided here.
            call.Outcome = e is BadHttpRequestException ? "invalid_request" : "client_closed";
            throw;
        }
        finally
        {
            var duration = time.GetElapsedTime(started);
            metrics.RequestCompleted(call.Surface?.Slug ?? NoSurface, call.Outcome, duration, duration - call.ProviderTime);
            if (IsLive(call) && IsRefused(call.Outcome))
            {
                refusals.Add(call.Key.AccountId, call.Key.KeyId, call.Surface?.Slug, call.Outcome);
            }

            call.Note();
        }
    }

    /// <summary>Everything that is decided before credits are touched. Null: the call may be reserved.</summary>
    private async ValueTask<Problem?> AdmitAsync(HttpContext context, MeteredCall call)
    {
        // Step 1: who calls. Without a key nothing is read, looked up or counted against anybody.
        var found = await keys.FindAsync(context.Request.Headers, isRoute: !call.InEnvelope, context.RequestAborted);
        if (found.Status != KeyLookupStatus.Found)
        {
            return found.Status == KeyLookupStatus.Unknown ? Problem.InvalidKey : Refusals.Unavailable;
        }

        var key = call.Key = found.Identity;

        // Step 2: what it costs.
        var refusal = await reader.ReadAsync(context, call);
        if (refusal is null)
        {
            return null;
        }

        // Redis alone knows whether the key was revoked; a wrong request must not tell that it was not.
        var seen = await inspector.InspectAsync(key.AccountId, key.KeyId, key.SecretVersion, context.RequestAborted);
        return seen.Status == InspectionStatus.InvalidKey ? Problem.InvalidKey : refusal;
    }

    private ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call) =>
        call.Key.Mode == KeyMode.Test ? sandbox.AnswerAsync(context, call)
        : call.IsDryRun ? dryRun.AnswerAsync(context, call)
        : call.Quote.Credits == 0 ? free.AnswerAsync(context, call)
        : paid.AnswerAsync(context, call);

    /// <summary>
    /// Of a call that was charged the ledger knows; a repeat is the first call's. What is refused because there are too many calls is not
    /// noted: an account that hammers would push out the notes of others, and its calls came to nothing at once.
    /// </summary>
    private void Note(HttpContext context, MeteredCall call)
    {
        call.Note = static () => { };
        if (IsLive(call) && IsNoted(call.Outcome))
        {
            history.Add(new RefusedCall(
                context.TraceIdentifier, call.Key.AccountId, call.Surface?.Slug, call.Attempts is [.., var last] ? last.Provider : null,
                call.Outcome, call.Held, call.Attempts.Count == 0 ? null : AttemptsText.ToKeep(call.Attempts),
                time.GetUtcNow()));
        }
    }

    /// <summary>A call that could have cost something, of an account that is known.</summary>
    private static bool IsLive(MeteredCall call) => call is { Key: { AccountId: > 0, Mode: KeyMode.Live }, IsDryRun: false };

    private static bool IsRefused(string outcome) => outcome is not ("charged" or "replayed" or FreeCall.Outcome);

    private static bool IsNoted(string outcome) =>
        outcome is not ("charged" or "replayed") && outcome != s_rateLimited && outcome != s_overloaded;
}
