using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Bounds;
using MeteringGateway.Http.Errors;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// <c>POST /api/v1/query</c>: who calls, what it costs, reserve, forward, then exactly one of commit and release.
/// The only place where the stages meet; each of them knows nothing of the others.
/// </summary>
internal sealed class MeteringEndpoint(
    KeyAuthenticator keys, SurfaceSource surfaces, KeyInspector inspector, CallCredits store, ProviderChain chain,
    TestKeyCall sandbox, BufferBudget buffers, CreditsOptions credits, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>What metrics call a surface that no call may name.</summary>
    private const string NoSurface = "none";

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var call = new MeteredCall();
        using var lease = BodyLease.Begin(context, buffers);
        try
        {
            var refusal = await AdmitAsync(context, call)
                ?? await (call.Key.Mode == KeyMode.Test ? sandbox.AnswerAsync(context, call) : ForwardAsync(context, call));
            if (refusal is not null)
            {
                call.Outcome = ErrorCatalog.Of(refusal.Code).Name;
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
        }
    }

    /// <summary>Everything that is decided before credits are touched. Null: the call may be reserved.</summary>
    private async ValueTask<Problem?> AdmitAsync(HttpContext context, MeteredCall call)
    {
        // Step 1: who calls. Without a key nothing is read, looked up or counted against anybody.
        var found = await keys.FindAsync(context.Request.Headers, context.RequestAborted);
        if (found.Status != KeyLookupStatus.Found)
        {
            return found.Status == KeyLookupStatus.Unknown ? Problem.InvalidKey : Refusals.Unavailable;
        }

        var key = call.Key = found.Identity;

        // Step 2: what it costs.
        var refusal = await PriceAsync(context, call);
        if (refusal is null)
        {
            return null;
        }

        // Redis alone knows whether the key was revoked; a wrong request must not tell that it was not.
        var seen = await inspector.InspectAsync(key.AccountId, key.KeyId, key.SecretVersion, context.RequestAborted);
        return seen.Status == InspectionStatus.InvalidKey ? Problem.InvalidKey : refusal;
    }

    private async ValueTask<Problem?> PriceAsync(HttpContext context, MeteredCall call)
    {
        var catalog = call.Catalog = surfaces.Current;
        if (context.Request.QueryString.HasValue && QueryRefusal.Of(context) is { } slip)
        {
            return slip;
        }

        if (!MediaTypes.IsJson(context.Request))
        {
            return Problem.Of(
                ErrorCode.UnsupportedMediaType, "Send the body as 'Content-Type: application/json', in UTF-8 and not compressed.");
        }

        var (body, unread) = await BodyBytes.ReadAsync(context.Request, catalog.MaxRequestBytes, context.RequestAborted);
        if (unread is not null)
        {
            return unread;
        }

        var query = QueryBody.Read(body.Span);
        if (query.Status != QueryBodyStatus.Ok)
        {
            return query.Status == QueryBodyStatus.InvalidJson
                ? new Problem
                {
                    Code = ErrorCode.InvalidJson,
                    Detail = "The body must be one JSON object in UTF-8.",
                    Errors = [query.Error!],
                }
                : Problem.InvalidRequest(query.Error!);
        }

        if (!catalog.BySlug.TryGetValue(query.Surface, out var surface))
        {
            return new Problem
            {
                Code = ErrorCode.UnknownSurface,
                Detail = "The field 'surface' names no surface of this gateway.",
                Surfaces = catalog.Slugs,
            };
        }

        call.Surface = surface;
        if (body.Length > surface.MaxRequestBytes)
        {
            return TooLarge(surface.MaxRequestBytes);
        }

        var quote = surface.Quote(body.Span);
        if (quote.Error is { } error)
        {
            return Problem.InvalidRequest(error);
        }

        (call.Body, call.Quote) = (body, quote);
        return null;
    }

    /// <summary>Reserve, forward, commit or release. Null: the answer has been written, or nobody is there to read one.</summary>
    private async ValueTask<Problem?> ForwardAsync(HttpContext context, MeteredCall call)
    {
        // Step 3: reserve. From here on every way out passes exactly one commit or release.
        var (key, surface) = (call.Key, call.Surface!);
        var reserved = await store.ReserveAsync(
            new Reservation(
                context.TraceIdentifier, key.AccountId, key.KeyId, key.SecretVersion, surface.Slug, call.Quote.Credits,
                surface.TotalTimeout + credits.HoldGrace),
            context.RequestAborted);
        if (reserved.Hold is not { } hold)
        {
            RateLimitHeaders.Write(context.Response.Headers, reserved.Snapshot);
            return Refusals.Of(reserved.Status, reserved.Snapshot, surface, call.Quote.Credits);
        }

        // Step 4: forward.
        var resolved = false;
        try
        {
            FaultPoint.Hit("after-reserve");
            var result = await chain.SendAsync(context, surface, call.Catalog!, call.Body);
            call.ProviderTime = result.ProviderTime;
            if (result.Status != ChainStatus.Succeeded)
            {
                // Step 5a: release, and tell why.
                resolved = true;
                await store.ReleaseAsync(hold);
                return Refuse(context, call, result, reserved.Snapshot);
            }

            // Step 5b: commit, whatever has become of the client, and only then answer.
            FaultPoint.Hit("after-answer");
            var price = call.Quote.For(result.Answer!.Provider).Charge(result.Answer.IsJson ? result.Answer.Body.Span : default);
            resolved = true;
            return await CommitAsync(context, call, hold, result, price);
        }
        finally
        {
            if (!resolved)
            {
                await store.ReleaseAsync(hold);
            }
        }
    }

    private async ValueTask<Problem?> CommitAsync(HttpContext context, MeteredCall call, Hold hold, ChainResult result, long price)
    {
        var surface = call.Surface!;
        var description = call.Quote.For(result.Answer!.Provider).Detail is { } detail ? $"{surface.Name} ({detail})" : surface.Name;
        var entry = new EntryTail(
            hold.Reservation.RequestId, "usage", surface.Slug, result.Answer!.Provider, description,
            Attempts: AttemptsText.Of(result.Attempts), Held: hold.Reservation.Amount);
        var commit = await store.CommitAsync(hold, price, entry);
        FaultPoint.Hit("after-commit");
        switch (commit.Status)
        {
            case CommitStatus.Committed or CommitStatus.Resolved:
                call.Outcome = "charged";
                metrics.CreditsCharged(surface.Slug, price);
                break;
            case CommitStatus.Uncollected:
                // The provider has done the work and the credits are gone: the answer is the client's, free of charge.
                call.Outcome = "uncollected";
                price = 0;
                break;
            case CommitStatus.Unavailable:
                return Refusals.Unavailable;
            case CommitStatus.Unknown:
                // Redis and PostgreSQL are away: no answer is the only true one.
                call.Outcome = "unsettled";
                context.Abort();
                return null;
            case CommitStatus.AboveHold:
            default:
                throw new InvalidOperationException($"No answer for the commit status {commit.Status}.");
        }

        await Envelope.WriteAsync(context, surface.Slug, result, price, commit.Snapshot);
        return null;
    }

    private static Problem? Refuse(HttpContext context, MeteredCall call, ChainResult result, BalanceSnapshot snapshot)
    {
        context.Response.Clear();
        if (result.Status == ChainStatus.ClientLeft)
        {
            call.Outcome = "client_closed";
            return null;
        }

        RateLimitHeaders.Write(context.Response.Headers, snapshot);
        return Refusals.Of(result);
    }

    private static Problem TooLarge(int bound) => Problem.Of(ErrorCode.BodyTooLarge, $"The body may have {bound} bytes at most.");
}
