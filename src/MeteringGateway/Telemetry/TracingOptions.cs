namespace MeteringGateway.Telemetry;

/// <summary>
/// Traces: section <c>Tracing</c>. Where they go is told by OpenTelemetry's own variables of the environment (<c>OTEL_*</c>).
/// </summary>
internal sealed class TracingOptions
{
    public const string Section = "Tracing";

    /// <summary>
    /// Whether providers get <c>traceparent</c> and <c>tracestate</c>. Off by default: a provider is another company, and need not learn
    /// which of its calls belong together.
    /// </summary>
    public bool PassToProviders { get; set; }
}
