using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.History;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Streams;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// A call that costs credits: reserve, forward, then exactly one of commit and release. Any number of callers at once.
/// </summary>
internal sealed class PaidCall(
    TracedCredits store, HoldExtension extension, ProviderChain chain, StreamRelay relay, CallReplay replay, CallsUnderWay underWay,
    CreditsOptions credits, GatewayMetrics metrics, TimeProvider time, ILogger<PaidCall> logger)
{
    /// <summary>Null: the answer has been written, or nobody is there to read one.</summary>
    public async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call)
    {
        // Step 3: reserve. From here on every way out passes exactly one commit or release.
        var surface = call.Surface!;
        var reserved = await store.ReserveAsync(ReservationOf(context, call, credits), context.RequestAborted);
        RateLimitHeaders.Write(context.Response.Headers, reserved.Snapshot);
        if (reserved.Hold is not { } hold)
        {
            return reserved is { Status: ReserveStatus.IdempotencyCharged, First: { } first }
                ? await replay.AnswerAsync(context, call, first)
                : Refusals.Of(reserved.Status, reserved.Snapshot, surface, call.Quote.Credits);
        }

        call.Held = hold.Reservation.Amount;

        // Step 4: forward.
        var (resolved, stream) = (false, default(CallStream));
        try
        {
            FaultPoint.Hit("after-reserve");
            var result = await chain.SendAsync(
                context, surface, call.Catalog!, CallRequest.Of(call),
                answer =>
                {
                    underWay.Begin(context.TraceIdentifier, surface.Slug, answer.Provider);
                    stream = new CallStream(context, call, answer, relay, reserved.Snapshot);
                    return stream.RunAsync(call.Held, HoldRenewal.Begin(extension, hold, time, logger));
                });
            (call.ProviderTime, call.Attempts) = (result.ProviderTime, result.Attempts);
            if (stream?.Renewal is { } renewal)
            {
                hold = await renewal.EndAsync();
            }

            if (result.Status is not (ChainStatus.Succeeded or ChainStatus.Streamed))
            {
                // Step 5a: release, and tell why.
                resolved = true;
                call.Outcome = CallRefusal.OutcomeOf(result);
                call.Note?.Invoke();
                await store.ReleaseAsync(hold);
                return await CallRefusal.AnswerAsync(context, call, result, reserved.Snapshot);
            }

            // Step 5b: commit, whatever has become of the client, and only then answer.
            FaultPoint.Hit("after-answer");
            var provider = stream?.Provider ?? result.Answer!.Provider;
            var quote = call.Quote.For(provider);
            var price = stream?.Price(quote) ?? quote.Charge(result.Answer!.IsJson ? result.Answer.Body.Span : default);
            await replay.KeepAsync(
                call, context.TraceIdentifier, stream?.Head ?? result.Answer!, isStreamed: stream is not null, isPaid: price > 0);
            resolved = true;
            if (price > 0)
            {
                return await CommitAsync(context, call, hold, result, stream, quote.Detail, price);
            }

            // The provider that answered is free; another one of the chain is not.
            await store.ReleaseAsync(hold, isFree: true);
            call.Outcome = FreeCall.Outcome;
            await EndAsync(context, call, result, stream, price, reserved.Snapshot);
            return null;
        }
        finally
        {
            underWay.End(context.TraceIdentifier);
            if (!resolved)
            {
                await (stream?.Renewal?.DisposeAsync() ?? ValueTask.CompletedTask);
                await store.ReleaseAsync(hold);
            }
        }
    }

    internal static Reservation ReservationOf(HttpContext context, MeteredCall call, CreditsOptions credits) => new(
        context.TraceIdentifier, call.Key.AccountId, call.Key.KeyId, call.Key.SecretVersion, call.Surface!.Slug, call.Quote.Credits,
        call.Surface.TotalTimeout + credits.HoldGrace, call.Ticket);

    private async ValueTask<Problem?> CommitAsync(
        HttpContext context, MeteredCall call, Hold hold, ChainResult result, CallStream? stream, string? detail, long price)
    {
        var surface = call.Surface!;
        var entry = new EntryTail(
            hold.Reservation.RequestId, "usage", surface.Slug, stream?.Provider ?? result.Answer!.Provider,
            detail is null ? surface.Name : $"{surface.Name} ({detail})",
            Attempts: AttemptsText.ToKeep(result.Attempts), Held: hold.Reservation.Amount,
            Idempotency: call.Ticket?.Hash, Fingerprint: call.Ticket?.Fingerprint);
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
            case CommitStatus.Unavailable when stream is null:
                return Refusals.Unavailable;
            case CommitStatus.Unavailable:
                // The answer is the client's already, free of charge.
                call.Outcome = ErrorCatalog.Of(ErrorCode.MeteringUnavailable).Name;
                price = 0;
                break;
            case CommitStatus.Unknown:
                // Redis and PostgreSQL are away: no answer is the only true one.
                call.Outcome = "unsettled";
                context.Abort();
                return null;
            case CommitStatus.AboveHold:
            default:
                throw new InvalidOperationException($"No answer for the commit status {commit.Status}.");
        }

        await EndAsync(context, call, result, stream, price, commit.Snapshot);
        return null;
    }

    private static async ValueTask EndAsync(
        HttpContext context, MeteredCall call, ChainResult result, CallStream? stream, long price, BalanceSnapshot snapshot)
    {
        if (price == 0)
        {
            call.Note?.Invoke();
        }

        var provider = stream?.Provider ?? result.Answer!.Provider;
        var facts = call.Facts(context.TraceIdentifier, provider, price, snapshot.IsEmpty ? null : snapshot.Balance);
        if (stream is not null)
        {
            await stream.EndAsync(facts);
            return;
        }

        AnswerHead.Begin(context.Response, snapshot);
        await Envelope.WriteAsync(context, facts, result.Answer!, call.InEnvelope);
    }
}
