using System.Collections.Concurrent;
using System.Globalization;
using Prometheus;

namespace MeteringGateway.Telemetry;

/// <summary>How a measurement of an instrument is meant.</summary>
internal enum Measured
{
    /// <summary>What has just happened: a duration, or by how much a counter rises.</summary>
    Event,

    /// <summary>By how much a gauge rises or falls.</summary>
    Change,

    /// <summary>What a counter or gauge stands at, as of this look at all of them.</summary>
    State,
}

/// <summary>One metric of the registry and the way of an instrument's measurements into it. Any number of callers at once.</summary>
internal sealed class PublishedMetric
{
    private const int MostLabels = 3;

    private readonly MetricEntry _entry;
    private readonly Counter? _counter;
    private readonly Gauge? _gauge;
    private readonly Histogram? _histogram;

    /// <summary>
    /// The series that were measured, by their labels' values: the library finds one under a lock that all callers share. As many as the
    /// registry has, for a series is never taken out of it.
    /// </summary>
    private readonly ConcurrentDictionary<(string First, string Second, string Third), Series> _series = new();

    /// <exception cref="ArgumentException">More labels than a series is found by.</exception>
    public PublishedMetric(MetricEntry entry, IMetricFactory factory)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Labels.Length, MostLabels);
        _entry = entry;

        // The text format has no exemplars, and by default the library makes one for each measurement inside of an activity.
        var none = ExemplarBehavior.NoExemplars();

        // The library writes a help text as it is.
        var labels = Array.ConvertAll(entry.Labels, label => label.Replace('.', '_'));
        var help = entry.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        switch (entry.Kind)
        {
            case MetricKind.Counter:
                _counter = factory.CreateCounter(entry.Name, help, labels, new CounterConfiguration { ExemplarBehavior = none });
                break;
            case MetricKind.Gauge:
                _gauge = factory.CreateGauge(entry.Name, help, labels);
                break;
            case MetricKind.Histogram:
                _histogram = factory.CreateHistogram(
                    entry.Name, help, labels,
                    new HistogramConfiguration { Buckets = entry.Bounds, ExemplarBehavior = none });
                break;
        }
    }

    /// <summary>Takes one measurement; nothing is allocated for a series that is known.</summary>
    /// <param name="how">How the value is meant.</param>
    /// <param name="look">The number of the look at all instruments that found it, of a <see cref="Measured.State"/>.</param>
    public void Record(double value, Measured how, long look, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Known((Label(tags, 0), Label(tags, 1), Label(tags, 2)));
        if (how == Measured.State)
        {
            value = series.Sum(value, look);
        }

        switch (series.Child)
        {
            case Histogram.Child histogram:
                histogram.Observe(value);
                break;
            case Counter.Child counter when how == Measured.State:
                counter.IncTo(value);
                break;
            case Counter.Child counter:
                counter.Inc(value);
                break;
            case Gauge.Child gauge when how == Measured.Change:
                gauge.Inc(value);
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

    private Series Known((string First, string Second, string Third) labels)
    {
        if (_series.TryGetValue(labels, out var known))
        {
            return known;
        }

        string[] values = [labels.First, labels.Second, labels.Third];
        return _series.GetOrAdd(labels, new Series(Child(values[.._entry.Labels.Length])));
    }

    private IEnumerable<string[]> AllSeries() =>
        _counter?.GetAllLabelValues() ?? _gauge?.GetAllLabelValues() ?? _histogram!.GetAllLabelValues();

    private ChildBase Child(string[] series) =>
        _counter is not null ? _counter.WithLabels(series)
            : _gauge is not null ? _gauge.WithLabels(series)
            : _histogram!.WithLabels(series);

    private string Label(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index)
    {
        if (index >= _entry.Labels.Length)
        {
            return "";
        }

        var label = _entry.Labels[index];
        foreach (var tag in tags)
        {
            if (tag.Key == label)
            {
                return tag.Value as string ?? Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            }
        }

        return "";
    }

    /// <summary>One series, and what it stands at: measurements that differ only in tags that are not shown are added up.</summary>
    private sealed class Series(ChildBase child)
    {
        private long _look;
        private double _sum;

        public ChildBase Child { get; } = child;

        /// <summary>One look at a time.</summary>
        public double Sum(double value, long look)
        {
            _sum = look == _look ? _sum + value : value;
            _look = look;
            return _sum;
        }
    }
}
