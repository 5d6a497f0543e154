using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MeteringGateway.Observability;

/// <summary>
/// Listens to this gateway's meters from its construction on and collects them when asked. Any number of callers at once.
/// Only meters of its own container count: several gateways may run in one process.
/// A hosted service, because what is measured before somebody listens is lost: the host makes it, not the first scrape.
/// </summary>
internal sealed class PrometheusScraper : IHostedService, IDisposable
{
    /// <summary>Surfaces times outcomes; the collector's own bound of 2,000 would be reached with a hundred surfaces.</summary>
    private const int MostSeriesPerMetric = 20_000;

    private readonly Lock _gate = new();
    private readonly PrometheusExporter _exporter;
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;

    public PrometheusScraper(IMeterFactory meters, GatewayMetrics metrics)
    {
        _exporter = new PrometheusExporter(metrics);
        _reader = new BaseExportingMetricReader(_exporter);
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(GatewayMetrics.MeterName + "*")
            .AddView(instrument => !ReferenceEquals(instrument.Meter.Scope, meters) ? MetricStreamConfiguration.Drop : Stream(instrument))
            .AddReader(_reader)
            .Build();
    }

    public string Scrape()
    {
        lock (_gate)
        {
            return _reader.Collect()
                ? PrometheusText.Write(_exporter.Families)
                : throw new InvalidOperationException("The metrics could not be collected.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _provider.Dispose();

    private static MetricStreamConfiguration Stream(Instrument instrument) => instrument switch
    {
        Histogram<double> => new ExplicitBucketHistogramConfiguration { Boundaries = DurationBuckets.Bounds, RecordMinMax = false },
        _ when instrument.Name == GatewayMetrics.RequestsName => new MetricStreamConfiguration { CardinalityLimit = MostSeriesPerMetric },
        _ => new MetricStreamConfiguration(),
    };
}
