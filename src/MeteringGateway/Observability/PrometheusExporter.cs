using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MeteringGateway.Observability;

/// <summary>
/// Turns what OpenTelemetry collected into what a scrape shows, over the zeros of the catalogue.
/// One collection at a time: <see cref="PrometheusScraper"/> sees to it.
/// </summary>
internal sealed class PrometheusExporter(GatewayMetrics metrics) : BaseExporter<Metric>
{
    /// <summary>What the last collection found.</summary>
    public IReadOnlyCollection<MetricFamily> Families { get; private set; } = [];

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var labels = metrics.Labels;
        var families = new List<MetricFamily>(MetricCatalog.Zeros(labels));
        var byName = families.ToDictionary(family => family.Name, StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            if (!byName.TryGetValue(metric.Name, out var family))
            {
                family = new MetricFamily(metric.Name, KindOf(metric.MetricType), metric.Description);
                byName.Add(metric.Name, family);
                families.Add(family);
            }

            Fill(family, metric, labels);
        }

        Families = families;
        return ExportResult.Success;
    }

    private static void Fill(MetricFamily family, Metric metric, MetricLabels labels)
    {
        var tags = new List<KeyValuePair<string, string>>(2);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            tags.Clear();
            var served = true;
            foreach (var tag in point.Tags)
            {
                var value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
                served &= labels.Serves(tag.Key, value);
                tags.Add(new(tag.Key, value));
            }

            if (served)
            {
                family.Series[PrometheusText.Labels(tags)] = Sample(metric.MetricType, point);
            }
        }
    }

    private static MetricSample Sample(MetricType type, in MetricPoint point)
    {
        if (type == MetricType.Histogram)
        {
            var buckets = new List<long>(DurationBuckets.Bounds.Length + 1);
            foreach (var bucket in point.GetHistogramBuckets())
            {
                buckets.Add(bucket.BucketCount);
            }

            return new MetricSample(point.GetHistogramSum(), buckets);
        }

        return new MetricSample(type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
            _ => throw new InvalidOperationException($"No Prometheus value for a metric of type {type}."),
        });
    }

    private static MetricKind KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => MetricKind.Counter,
        MetricType.Histogram => MetricKind.Histogram,
        _ => MetricKind.Gauge,
    };
}
