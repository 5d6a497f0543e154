using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Idempotency;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Streams;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Repeats;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// A call of a surface that costs nothing: its key, the limits on calls and the chain are as ever; there is no hold and no entry.
/// Any number of callers at once.
/// </summary>
internal sealed class FreeCall(TracedCredits store, ProviderChain chain, StreamRelay relay, CallReplay replay, CreditsOptions credits)
{
    /// <summary>What a metric calls a call that went well and cost nothing.</summary>
    public const string Outcome = "free";

    /// <summary>Null: the answer has been written, or nobody is there to read one.</summary>
    public async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call)
    {
        var reservation = PaidCall.ReservationOf(context, call, credits);
        var admitted = await store.AdmitAsync(reservation, context.RequestAborted);
        RateLimitHeaders.Write(context.Response.Headers, admitted.Snapshot);
        if (admitted.Status != ReserveStatus.Reserved)
        {
            return Refusals.Of(admitted.Status, admitted.Snapshot, call.Surface!, required: 0);
        }

        if (call.Ticket is null)
        {
            return await ForwardAsync(context, call, admitted.Snapshot, claim: null);
        }

        var claimed = await replay.ClaimAsync(call, context.TraceIdentifier, call.Surface!.StreamTimeout + reservation.Lifetime);
        return claimed.Status switch
        {
            ClaimStatus.Claimed => await ForwardAsync(context, call, admitted.Snapshot, claimed.Claim),
            ClaimStatus.Done => await replay.AnswerAsync(context, call, claimed.First!),
            _ => CallReplay.Refusal(claimed.Status),
        };
    }

    private async ValueTask<Problem?> ForwardAsync(HttpContext context, MeteredCall call, BalanceSnapshot snapshot, CallClaim? claim)
    {
        var (completed, stream) = (false, default(CallStream));
        try
        {
            var result = await chain.SendAsync(
                context, call.Surface!, call.Catalog!, CallRequest.Of(call),
                answer => (stream = new CallStream(context, call, answer, relay, snapshot)).RunAsync(held: 0, renewal: null));
            (call.ProviderTime, call.Attempts) = (result.ProviderTime, result.Attempts);
            if (result.Status is not (ChainStatus.Succeeded or ChainStatus.Streamed))
            {
                return await CallRefusal.AnswerAsync(context, call, result, snapshot);
            }

            call.Outcome = Outcome;
            call.Note?.Invoke();
            var facts = call.Facts(context.TraceIdentifier, stream?.Provider ?? result.Answer!.Provider, charged: 0, snapshot.Balance);
            if (claim is not null)
            {
                await replay.KeepAsync(
                    call, context.TraceIdentifier, stream?.Head ?? result.Answer!, isStreamed: stream is not null, isPaid: false);
                await replay.CompleteAsync(claim, credits: 0, snapshot.Balance);
                completed = true;
            }

            if (stream is not null)
            {
                await stream.EndAsync(facts);
                return null;
            }

            AnswerHead.Begin(context.Response, snapshot);
            await Envelope.WriteAsync(context, facts, result.Answer!, call.InEnvelope);
            return null;
        }
        finally
        {
            if (claim is not null && !completed)
            {
                await replay.DropAsync(claim);
            }
        }
    }
}
