using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>What the repository gives to Prometheus and Grafana, as far as its tests read it: our YAML has one shape throughout.</summary>
internal static partial class MonitoringFiles
{
    private static readonly string s_prometheus = Path.Combine(TidyTests.Root, "config", "prometheus");

    public static string Operations { get; } = File.ReadAllText(Path.Combine(TidyTests.Root, "docs", "operations.md"));

    /// <summary>Each alert with the text of its rule.</summary>
    public static IReadOnlyList<(string Name, string Text)> Alerts { get; } = Blocks("alerts.yml", AlertStart());

    /// <summary>Each recorded series with the text of its rule.</summary>
    public static IReadOnlyList<(string Name, string Text)> Recordings { get; } = Blocks("recording.rules.yml", RecordStart());

    /// <summary>What <c>promtool test rules</c> reads, without comments.</summary>
    public static string RuleTests { get; } = string.Concat(Directory.GetFiles(s_prometheus, "*.test.yml").Select(Uncommented));

    public static IReadOnlyList<(string File, JsonElement Root)> Dashboards { get; } =
    [
        .. Directory.GetFiles(Path.Combine(TidyTests.Root, "config", "grafana", "dashboards"), "*.json")
            .Select(file => (Path.GetFileName(file), JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file)))),
    ];

    public static IEnumerable<JsonElement> Panels(JsonElement dashboard) =>
        dashboard.GetProperty("panels").EnumerateArray().Where(panel => Text(panel, "type") != "row");

    public static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>Every expression of a rule, of a panel and of a variable, with where it stands.</summary>
    public static IEnumerable<(string Where, string Expression)> Expressions() =>
    [
        .. Alerts.Concat(Recordings).Select(rule => (rule.Name, Expression().Match(rule.Text).Groups[1].Value)),
        .. from dashboard in Dashboards
           from panel in Panels(dashboard.Root)
           from target in panel.GetProperty("targets").EnumerateArray()
           select ($"{dashboard.File}: {Text(panel, "title")}", Text(target, "expr")),
        .. from dashboard in Dashboards
           from variable in dashboard.Root.GetProperty("templating").GetProperty("list").EnumerateArray()
           where variable.TryGetProperty("definition", out _)
           select ($"{dashboard.File}: ${Text(variable, "name")}", Text(variable, "definition")),
    ];

    private static IReadOnlyList<(string Name, string Text)> Blocks(string file, Regex start)
    {
        var text = Uncommented(Path.Combine(s_prometheus, file));
        var starts = start.Matches(text);
        return
        [
            .. starts.Select((match, i) =>
                (match.Groups[1].Value, text[match.Index..(i + 1 < starts.Count ? starts[i + 1].Index : text.Length)])),
        ];
    }

    private static string Uncommented(string file) =>
        string.Concat(File.ReadAllLines(file).Where(line => !line.TrimStart().StartsWith('#')).Select(line => line + '\n'));

    [GeneratedRegex("- alert: (.+)")]
    private static partial Regex AlertStart();

    [GeneratedRegex("- record: (.+)")]
    private static partial Regex RecordStart();

    /// <summary>To the next field of the rule, or of the group, or the end.</summary>
    [GeneratedRegex(@"expr: ([\s\S]+?)(?=\n\s*(?:for|labels|annotations|- name|rules):|\z)")]
    private static partial Regex Expression();
}
