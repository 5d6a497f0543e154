namespace MeteringGateway.Observability;

/// <summary>Prometheus's word for the kind of a metric.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One metric as a scrape shows it: its series by their written labels (<c>outcome="charged",surface="search"</c>), in the order of those.</summary>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help)
{
    public SortedDictionary<string, MetricSample> Series { get; } = new(StringComparer.Ordinal);
}

/// <summary>A series' value.</summary>
/// <param name="Value">The number; for a histogram the sum of what was recorded.</param>
/// <param name="Buckets">For a histogram: how many were recorded in each bucket, not summed up, the one to infinity last.</param>
internal sealed record MetricSample(double Value, IReadOnlyList<long>? Buckets = null);
