using System.Globalization;
using MeteringGateway.Calls.Answers;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.Metering;

/// <summary>What a chain that came to nothing says to the client.</summary>
internal static class CallRefusal
{
    public static string OutcomeOf(ChainResult result) =>
        result.Status == ChainStatus.ClientLeft ? "client_closed" : ErrorCatalog.Of(Refusals.Of(result).Code).Name;

    /// <summary>Null: the answer has been written, or nobody is there to read one.</summary>
    public static async ValueTask<Problem?> AnswerAsync(HttpContext context, MeteredCall call, ChainResult result, BalanceSnapshot snapshot)
    {
        call.Outcome = OutcomeOf(result);
        context.Response.Clear();
        if (result.Status == ChainStatus.ClientLeft)
        {
            return null;
        }

        RateLimitHeaders.Write(context.Response.Headers, snapshot);
        if (result.Status != ChainStatus.Rejected || call.InEnvelope)
        {
            return Refusals.Of(result);
        }

        // Under its own path a provider's refusal is the provider's, as it came.
        if (result.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        call.Note?.Invoke();
        var facts = call.Facts(context.TraceIdentifier, result.Answer!.Provider, charged: 0, remaining: null);
        await Envelope.WriteAsync(context, facts, result.Answer, inEnvelope: false);
        return null;
    }
}
