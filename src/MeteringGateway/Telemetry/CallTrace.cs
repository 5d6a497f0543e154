using System.Diagnostics;
using System.Net.Http.Headers;

namespace MeteringGateway.Telemetry;

/// <summary>
/// The spans of a metered call. Without somebody who listens there are none, and asking costs a look at a field. No span says a key, a
/// token or whose account it is.
/// </summary>
internal static class CallTrace
{
    public const string SourceName = "MeteringGateway";
    public const string Credits = "metering.credits";
    public const string Outcome = "metering.outcome";
    public const string Provider = "metering.provider";
    public const string RequestId = "metering.request_id";
    public const string Surface = "metering.surface";

    /// <summary>OpenTelemetry's word for it.</summary>
    public const string Status = "http.response.status_code";

    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Whether a span would be looked at. Asked before anything is done that is for spans alone.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>The call's own span, under that of its client where it has sent one; null: it is not sampled.</summary>
    public static Activity? BeginCall(HttpContext context)
    {
        _ = ActivityContext.TryParse(
            context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var client);
        var span = s_source.StartActivity("call", ActivityKind.Server, client);
        span?.SetTag("http.request.method", context.Request.Method);
        span?.SetTag(RequestId, context.TraceIdentifier);
        span?.SetTag(Credits, 0L);
        return span;
    }

    /// <summary>A stage of the call whose span is the current one.</summary>
    public static Activity? Begin(string stage, ActivityKind kind = ActivityKind.Internal) => s_source.StartActivity(stage, kind);

    /// <summary>The current span as <c>traceparent</c> has it, for the flush that writes its entry; null: nobody records it.</summary>
    public static string? ToRemember() => IsOn && Activity.Current is { Recorded: true } span ? span.Id : null;

    /// <summary>Tells a provider of the trace: the attempt's span, or what the client has sent where this gateway records none.</summary>
    public static void Pass(IHeaderDictionary client, HttpRequestHeaders provider)
    {
        var (parent, state) = IsOn && Activity.Current is { } span
            ? (span.Id, span.TraceStateString)
            : (client.TraceParent.ToString(), client.TraceState.ToString());
        if (!ActivityContext.TryParse(parent, state, out _))
        {
            return;
        }

        provider.Remove(TraceParent);
        provider.Remove(TraceState);
        provider.TryAddWithoutValidation(TraceParent, parent);
        if (!string.IsNullOrEmpty(state))
        {
            provider.TryAddWithoutValidation(TraceState, state);
        }
    }
}
