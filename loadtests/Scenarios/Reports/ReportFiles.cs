using System.Globalization;
using MeteringGateway.Load.Stack;

namespace MeteringGateway.Scenarios.Reports;

/// <summary>The files of a run's report, in a folder of its own.</summary>
internal static class ReportFiles
{
    public const string Html = "report.html";
    public const string Markdown = "report.md";
    public const string Csv = "report.csv";

    /// <summary>Kept out of the repository.</summary>
    public static string DefaultFolder => Path.Combine(Programs.Root, ".data", "loadtests");

    /// <returns>The folder: <c>time-scenario</c>, and a number behind it where there is one of that name.</returns>
    public static async Task<string> WriteAsync(string reports, RunReport report)
    {
        var name = report.StartedAt.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + report.Scenario;
        var folder = Path.Combine(reports, name);
        for (var number = 2; Directory.Exists(folder); number++)
        {
            folder = Path.Combine(reports, string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Html), HtmlReport.Of(report));
        await File.WriteAllTextAsync(Path.Combine(folder, Markdown), MarkdownReport.Of(report));
        await File.WriteAllTextAsync(Path.Combine(folder, Csv), CsvReport.Of(report));
        return folder;
    }
}
