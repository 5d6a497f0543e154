using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeteringGateway.FunctionalTests.Telemetry.Monitoring;

/// <summary>What the repository gives to Prometheus and Grafana.</summary>
internal static partial class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Each query of each panel as Grafana would send it, its variables replaced by the dashboard's defaults and the two of Grafana itself
    /// by a minute: long enough for two scrapes on the busiest machine.
    /// </summary>
    public static IReadOnlyList<(string Panel, string Query)> PanelQueries()
    {
        var queries = new List<(string Panel, string Query)>();
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "config", "grafana", "dashboards"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var variables = document.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                .ToDictionary(variable => variable.GetProperty("name").GetString()!, Default);
            (variables["__rate_interval"], variables["__range"]) = ("1m", "1m");
            queries.AddRange(
                from panel in document.RootElement.GetProperty("panels").EnumerateArray()
                where panel.GetProperty("type").GetString() != "row"
                from target in panel.GetProperty("targets").EnumerateArray()
                select (
                    $"{Path.GetFileName(file)}: {panel.GetProperty("title").GetString()} {target.GetProperty("refId").GetString()}",
                    Variables().Replace(target.GetProperty("expr").GetString()!, match => variables[match.Groups[1].Value])));
        }

        return queries;
    }

    /// <summary>The series that an expression selects, with their labels and without functions, ranges and comparisons.</summary>
    public static IEnumerable<string> Selectors(string expression) =>
        Series().Matches(expression).Select(match => match.Value).Distinct(StringComparer.Ordinal);

    private static string Default(JsonElement variable)
    {
        var value = variable.GetProperty("current").GetProperty("value");
        var first = value.ValueKind == JsonValueKind.Array ? value[0].GetString()! : value.GetString()!;
        return first == "$__all" ? variable.GetProperty("allValue").GetString()! : first;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"\$(\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Variables();

    /// <summary>Names of ours, of the runtime's meters and of recorded series, with what stands in braces behind them.</summary>
    [GeneratedRegex(
        @"(?<![\w:])(?:\w+:\w+:\w+|(?:metering|process|dotnet|kestrel|http_client|db_client)_\w+|up)(?:\{[^}]*\})?(?![\w:(])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Series();
}
