using System.Text.Json;
using System.Text.RegularExpressions;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Repository;

/// <summary>Names can't drift: what rules and dashboards ask for is what the gateway publishes, and a panel tells what it shows.</summary>
public sealed partial class DashboardTests
{
    /// <summary>Prometheus's own, and the labels that a scrape adds.</summary>
    private static readonly string[] s_prometheus = ["up", "ALERTS"];

    [Fact]
    public void Metrics_ThatRulesAndDashboardsName_ArePublished()
    {
        var published = MetricCatalog.Entries
            .SelectMany(metric => metric.Kind == MetricKind.Histogram
                ? new[] { metric.Name + "_bucket", metric.Name + "_count", metric.Name + "_sum" }
                : [metric.Name])
            .Concat(MonitoringFiles.Recordings.Select(recording => recording.Name))
            .Concat(s_prometheus)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(
            from one in MonitoringFiles.Expressions()
            from match in Series().Matches(Group().Replace(one.Expression, ""))
            where !published.Contains(match.Groups[1].Value)
            select $"{one.Where}: {match.Groups[1].Value}");
    }

    [Fact]
    public void Labels_ThatRulesAndDashboardsName_AreBounded()
    {
        var labels = MetricCatalog.Entries.SelectMany(metric => metric.Labels)
            .Select(label => label.Replace('.', '_'))
            .Concat(["job", "instance", "le", "alertstate", "alertname"])
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(
            from one in MonitoringFiles.Expressions()
            from match in Label().Matches(one.Expression).Concat(Group().Matches(one.Expression))
            from label in match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            where !labels.Contains(label)
            select $"{one.Where}: {label}");
    }

    [Fact]
    public void Dashboards_HaveStableNamesOfTheirOwn()
    {
        Assert.Equal(["metering-platform", "metering-sre"], MonitoringFiles.Dashboards
            .Select(dashboard => MonitoringFiles.Text(dashboard.Root, "uid")).Order(StringComparer.Ordinal));
        foreach (var (_, root) in MonitoringFiles.Dashboards)
        {
            var ids = root.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
        }
    }

    [Fact]
    public void Panel_AnyOfThem_SaysWhatItShowsInWhichUnit() =>
        Assert.Empty(
            from dashboard in MonitoringFiles.Dashboards
            from panel in MonitoringFiles.Panels(dashboard.Root)
            let settings = panel.GetProperty("fieldConfig")
            where MonitoringFiles.Text(panel, "title").Length == 0
                || MonitoringFiles.Text(panel, "description").Length == 0
                || !(settings.GetRawText().Contains("\"unit\"", StringComparison.Ordinal)
                    || settings.GetProperty("defaults").TryGetProperty("mappings", out _))
            select $"{dashboard.File}: {MonitoringFiles.Text(panel, "title")}");

    [Fact]
    public void Panels_OfADashboard_StandSideBySide() =>
        Assert.Empty(
            from dashboard in MonitoringFiles.Dashboards
            let places = dashboard.Root.GetProperty("panels").EnumerateArray().Select(Place).ToList()
            from one in places
            from other in places
            where one.Right > 24 || (one.Id < other.Id && one.Covers(other))
            select $"{dashboard.File}: {one.Id} and {other.Id}");

    private static PanelPlace Place(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        var (x, y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
        return new PanelPlace(
            panel.GetProperty("id").GetInt32(), x, y, x + place.GetProperty("w").GetInt32(), y + place.GetProperty("h").GetInt32());
    }

    /// <summary>A name outside of quotes and lists of labels, which is no function; what stands in braces belongs to it.</summary>
    [GeneratedRegex(
        @"(?<![\w:""$.~])(\w+:\w+:\w+|(?:metering|process|dotnet|kestrel|http_client|db_client)_\w+|up|ALERTS)(?![\w:(])(?:\{[^}]*\})?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Series();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=(?!=))\s*""", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"\b(?:by|on) \(([^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Group();

    /// <summary>In Grafana's grid, which has 24 columns.</summary>
    private readonly record struct PanelPlace(int Id, int X, int Y, int Right, int End)
    {
        public bool Covers(PanelPlace other) => X < other.Right && other.X < Right && Y < other.End && other.Y < End;
    }
}
