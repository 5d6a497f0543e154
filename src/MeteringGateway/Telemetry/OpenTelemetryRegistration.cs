using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MeteringGateway.Telemetry;

/// <summary>
/// Metrics and traces over OTLP, beside the scrape. Metrics are those of the catalogue under their instruments' names, with its labels and
/// bounds. The library's own instrumentation of ASP.NET Core and of the HTTP client is left out: the spans of a call say the same with the
/// call's own words, and theirs would be made for each probe and scrape too.
/// </summary>
internal static class OpenTelemetryRegistration
{
    /// <summary>The source of the flusher's spans.</summary>
    public const string LedgerSource = "MeteringGateway.Ledger";

    private const string DefaultName = "metering-gateway";

    /// <summary>A flush links to the call of each entry that it wrote; the library's own bound is 128.</summary>
    private const string MostLinks = "10000";

    /// <exception cref="Configuration.ConfigurationException">A variable of OpenTelemetry's has a wrong value.</exception>
    public static void AddExport(this WebApplicationBuilder builder)
    {
        var variables = ExportPlan.Environment();
        var plan = ExportPlan.Read(variables);
        builder.Services.AddSingleton(plan);
        if (plan is { Metrics: null, Traces: null })
        {
            return;
        }

        // The library reads its variables from the host's configuration, which has none but the gateway's.
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("OTEL_SPAN_LINK_COUNT_LIMIT", (string?)MostLinks)]);
        builder.Configuration.AddInMemoryCollection(
            variables.Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)));
        var export = builder.Services.AddOpenTelemetry();
        if (plan.Traces is not null)
        {
            export.WithTracing(traces => traces
                .SetResourceBuilder(Resource()).AddSource(CallTrace.SourceName, LedgerSource).AddOtlpExporter());
        }

        if (plan.Metrics is not null)
        {
            export.WithMetrics(metrics => metrics
                .SetResourceBuilder(Resource())
                .AddMeter([GatewayMetrics.MeterName + "*", .. FrameworkCatalog.Meters])
                .AddView(instrument => ViewOf(instrument.Name))
                .AddOtlpExporter());
        }
    }

    /// <summary><c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> come last, and so win.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(DefaultName, serviceVersion: GatewayMetrics.BuildVersion)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static MetricStreamConfiguration ViewOf(string instrument) =>
        MetricCatalog.Entries.FirstOrDefault(entry => entry.Instrument == instrument) switch
        {
            null => MetricStreamConfiguration.Drop,
            { Kind: MetricKind.Histogram } entry =>
                new ExplicitBucketHistogramConfiguration { Boundaries = entry.Bounds, TagKeys = entry.Labels },
            var entry => new MetricStreamConfiguration { TagKeys = entry.Labels },
        };
}
