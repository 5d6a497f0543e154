using System.Collections.Concurrent;
using System.Globalization;
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

    /// <summary>
    /// The series that were measured, by their labels' values: the library finds one under a lock that all callers share. As many as the
    /// registry has, for a series is never taken out of it.
    /// </summary>
    private readonly ConcurrentDictionary<(string First, string Second), ChildBase> _series = new();

    /// <exception cref="ArgumentException">More labels than a series is found by.</exception>
    public PublishedMetric(MetricEntry entry, IMetricFactory factory)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Labels.Length, MostLabels);
        _entry = entry;

        // The text format has no exemplars, and by default the library makes one for each measurement inside of an activity.
        var none = ExemplarBehavior.NoExemplars();

        // The library writes a help text as it is.
        var help = entry.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        switch (entry.Kind)
        {
            case MetricKind.Counter:
                _counter = factory.CreateCounter(entry.Name, help, entry.Labels, new CounterConfiguration { ExemplarBehavior = none });
                break;
            case MetricKind.Gauge:
                _gauge = factory.CreateGauge(entry.Name, help, entry.Labels);
                break;
            case MetricKind.Histogram:
                _histogram = factory.CreateHistogram(
                    entry.Name, help, entry.Labels,
                    new HistogramConfiguration { Buckets = entry.Bounds, ExemplarBehavior = none });
                break;
        }
    }

    /// <summary>Takes one measurement; nothing is allocated for a series that is known.</summary>
    /// <param name="isTotal">The value is what an observable counter stands at, not what it has risen by.</param>
    public void Record(double value, bool isTotal, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var first = _entry.Labels.Length > 0 ? Value(tags, _entry.Labels[0]) : "";
        var second = _entry.Labels.Length > 1 ? Value(tags, _entry.Labels[1]) : "";
        switch (Series(first, second))
        {
            case Histogram.Child histogram:
                histogram.Observe(value);
                break;
            case Counter.Child counter when isTotal:
                counter.IncTo(value);
                break;
            case Counter.Child counter:
                counter.Inc(value);
                break;
            case Gauge.Child gauge:
                gauge.Set(value);
                break;
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

    private ChildBase Series(string first, string second)
    {
        if (_series.TryGetValue((first, second), out var known))
        {
            return known;
        }

        string[] values = [first, second];
        return _series.GetOrAdd((first, second), Child(values[.._entry.Labels.Length]));
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
}
