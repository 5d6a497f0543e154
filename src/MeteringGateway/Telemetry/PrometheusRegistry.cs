using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace MeteringGateway.Telemetry;

/// <summary>
/// Keeps what this gateway's instruments measure in a registry of prometheus-net, from its construction on. Any number of callers at once.
/// Only meters of its own container count, for several gateways may run in one process, and those of the framework that belong to the
/// process (<see cref="FrameworkCatalog"/>). The library's own adapter for meters is not used:
/// it publishes counters as gauges, puts the meter's name before theirs, and drops a series that has not changed for a while.
/// A hosted service, because what is measured before somebody listens is lost: the host makes it, not the first scrape.
/// </summary>
internal sealed class PrometheusRegistry : IHostedService, IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IMetricFactory _factory;
    private readonly ConcurrentDictionary<string, PublishedMetric> _published = new(StringComparer.Ordinal);
    private readonly GatewayMetrics _metrics;
    private readonly ProcessMetrics _process;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private long _look;

    public PrometheusRegistry(IMeterFactory meters, GatewayMetrics metrics)
    {
        (_metrics, _process) = (metrics, new ProcessMetrics(meters));
        _factory = Metrics.WithCustomRegistry(_registry);
        foreach (var entry in MetricCatalog.Entries)
        {
            _published[entry.Instrument] = new PublishedMetric(entry, _factory);
        }

        _registry.AddBeforeCollectCallback(Refresh);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsTaken(instrument, meters))
            {
                listener.EnableMeasurementEvents(instrument, new Source(Published(instrument), HowMeasured(instrument)));
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Record(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<double>(Record);
        _listener.Start();
    }

    /// <summary>Writes all of it in Prometheus's text format.</summary>
    public Task WriteAsync(Stream output, CancellationToken cancellationToken) =>
        _registry.CollectAndExportAsTextAsync(output, ExpositionFormat.PrometheusText, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _listener.Dispose();
        _process.Dispose();
    }

    private void Refresh()
    {
        lock (_gate)
        {
            _look++;
            _listener.RecordObservableInstruments();
            foreach (var metric in _published.Values)
            {
                metric.Show(_metrics.Labels);
            }
        }
    }

    /// <summary>An instrument that the catalogue does not name has no labels: an instrument with labels needs its row there.</summary>
    private PublishedMetric Published(Instrument instrument) => _published.GetOrAdd(
        instrument.Name,
        name => new PublishedMetric(new MetricEntry(name, KindOf(instrument), instrument.Description ?? "", [], _ => []), _factory));

    private static MetricKind KindOf(Instrument instrument) =>
        IsOf(instrument, typeof(Histogram<>)) ? MetricKind.Histogram
        : IsOf(instrument, typeof(Counter<>)) || IsOf(instrument, typeof(ObservableCounter<>)) ? MetricKind.Counter
        : MetricKind.Gauge;

    private static bool IsOf(Instrument instrument, Type kind) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == kind;

    private static Measured HowMeasured(Instrument instrument) =>
        instrument.IsObservable ? Measured.State
        : IsOf(instrument, typeof(UpDownCounter<>)) ? Measured.Change
        : Measured.Event;

    private bool IsTaken(Instrument instrument, IMeterFactory meters) =>
        instrument.Meter.Name.StartsWith(GatewayMetrics.MeterName, StringComparison.Ordinal)
            ? ReferenceEquals(instrument.Meter.Scope, meters)
            : (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters))
                && FrameworkCatalog.Meters.Contains(instrument.Meter.Name) && _published.ContainsKey(instrument.Name);

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? source)
    {
        var (metric, how) = (Source)source!;
        metric.Record(value, how, _look, tags);
    }

    private sealed record Source(PublishedMetric Metric, Measured How);
}
