using System.Globalization;
using System.Runtime.CompilerServices;
using Prometheus;

namespace MeteringGateway.Telemetry;

/// <summary>One metric of the registry and the way of an instrument's measurements into it. Any number of callers at once.</summary>
internal sealed class PublishedMetric
{
    private const int MostLabels = 2;

    private readonly MetricEntry _entry;
    private readonly Counter? _counter;
    private readonly Gauge? _gauge;
    private readonly Histogram? _histogram;

    /// <exception cref="ArgumentException">More labels than a measurement is copied with.</exception>
    public PublishedMetric(MetricEntry entry, IMetricFactory factory)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Labels.Length, MostLabels);
        _entry = entry;

        // The library writes a help text as it is.
        var help = entry.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        switch (entry.Kind)
        {
            case MetricKind.Counter:
                _counter = factory.CreateCounter(entry.Name, help, entry.Labels);
                break;
            case MetricKind.Gauge:
                _gauge = factory.CreateGauge(entry.Name, help, entry.Labels);
                break;
            case MetricKind.Histogram:
                _histogram = factory.CreateHistogram(
                    entry.Name, help, entry.Labels, new HistogramConfiguration { Buckets = DurationBuckets.Bounds });
                break;
        }
    }

    /// <summary>Takes one measurement; nothing is allocated for a series that is known.</summary>
    /// <param name="isTotal">The value is what an observable counter stands at, not what it has risen by.</param>
    public void Record(double value, bool isTotal, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var buffer = default(Values);
        Span<string> values = buffer;
        values = values[.._entry.Labels.Length];
        for (var label = 0; label < values.Length; label++)
        {
            values[label] = Value(tags, _entry.Labels[label]);
        }

        if (_histogram is not null)
        {
            _histogram.WithLabels(values).Observe(value);
        }
        else if (_gauge is not null)
        {
            _gauge.WithLabels(values).Set(value);
        }
        else if (isTotal)
        {
            _counter!.WithLabels(values).IncTo(value);
        }
        else
        {
            _counter!.WithLabels(values).Inc(value);
        }
    }

    /// <summary>Makes the series that must be there from the start, and shows those only that the configuration serves.</summary>
    public void Show(MetricLabels labels)
    {
        foreach (var series in _entry.Series(labels))
        {
            Child(series);
        }

        if (_entry.Labels.Length == 0)
        {
            return;
        }

        foreach (var series in AllSeries())
        {
            var child = Child(series);
            if (_entry.Labels.Index().All(label => labels.Serves(label.Item, series[label.Index])))
            {
                child.Publish();
            }
            else
            {
                child.Unpublish();
            }
        }
    }

    private IEnumerable<string[]> AllSeries() =>
        _counter?.GetAllLabelValues() ?? _gauge?.GetAllLabelValues() ?? _histogram!.GetAllLabelValues();

    private ChildBase Child(string[] series) =>
        _counter is not null ? _counter.WithLabels(series)
            : _gauge is not null ? _gauge.WithLabels(series)
            : _histogram!.WithLabels(series);

    private static string Value(ReadOnlySpan<KeyValuePair<string, object?>> tags, string label)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == label)
            {
                return tag.Value as string ?? Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            }
        }

        return "";
    }

    [InlineArray(MostLabels)]
    private struct Values
    {
        private string _first;
    }
}
