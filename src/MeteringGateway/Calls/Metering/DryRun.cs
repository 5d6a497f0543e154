using MeteringGateway.Calls.Answers;
using MeteringGateway.Engine;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Metering;

/// <summary>
/// <c>POST /api/v1/query?dry_run=true</c>: what the call would cost at most, and whether it would pass now. Nothing is held or counted,
/// and nobody is called. Any number of callers at once.
/// </summary>
internal sealed class DryRun(CallCredits store, CreditsOptions credits)
{
    /// <summary>Null: the answer has been written.</summary>
    public async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call)
    {
        var tried = await store.TryOutAsync(PaidCall.ReservationOf(context, call, credits), context.RequestAborted);
        RateLimitHeaders.Write(context.Response.Headers, tried.Snapshot);
        var refusal = tried.Status == ReserveStatus.Reserved
            ? null
            : Refusals.Of(tried.Status, tried.Snapshot, call.Surface!, call.Quote.Credits);
        return await DryRunAnswer.WriteAsync(context, call, refusal, tried.Snapshot.Balance);
    }
}
