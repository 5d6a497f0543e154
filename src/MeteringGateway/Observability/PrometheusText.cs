using System.Globalization;
using System.Text;

namespace MeteringGateway.Observability;

/// <summary>Prometheus's text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly string[] s_bounds = [.. DurationBuckets.Bounds.Select(Number), "+Inf"];

    /// <summary>A series' labels, sorted by name so that the same series reads the same wherever it comes from.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{Name(label.Key)}=\"{EscapeLabel(label.Value)}\""));

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in families)
        {
            var name = Name(family.Name);
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
            foreach (var (labels, sample) in family.Series)
            {
                if (sample.Buckets is { } buckets)
                {
                    WriteHistogram(text, name, labels, sample.Value, buckets);
                }
                else
                {
                    Line(text, name, labels, Number(sample.Value));
                }
            }
        }

        return text.ToString();
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, double sum, IReadOnlyList<long> buckets)
    {
        var recorded = 0L;
        for (var i = 0; i < buckets.Count; i++)
        {
            recorded += buckets[i];
            var bound = $"le=\"{s_bounds[i]}\"";
            Line(text, name + "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", Number(recorded));
        }

        Line(text, name + "_sum", labels, Number(sum));
        Line(text, name + "_count", labels, Number(recorded));
    }

    private static void Line(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No type for it."),
    };

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" :
        double.IsPositiveInfinity(value) ? "+Inf" :
        double.IsNegativeInfinity(value) ? "-Inf" :
        value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Collectors name some labels with dots, which this version of the format does not know.</summary>
    private static string Name(string name) => name.Replace('.', '_');

    private static string EscapeLabel(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string EscapeHelp(string help) =>
        help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
