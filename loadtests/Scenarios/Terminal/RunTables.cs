using MeteringGateway.Scenarios.Reports;
using MeteringGateway.Scenarios.Results;
using Spectre.Console;

namespace MeteringGateway.Scenarios.Terminal;

/// <summary>A run's report as tables in the terminal.</summary>
internal static class RunTables
{
    public static void Write(IAnsiConsole console, RunReport report, string folder)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{report.Scenario}[/]  {Verdict(report.Passed)}  {report.Phases.EscapeMarkup()}");
        if (report.CutShort is { } why)
        {
            console.MarkupLine($"[yellow]{why.EscapeMarkup()}[/]");
        }

        console.Write(Latencies(report.Result));
        console.Write(Thresholds(report));
        foreach (var line in report.Ledger.Looked.Concat(report.Ledger.Problems.Select(problem => "FAILED: " + problem)))
        {
            console.MarkupLine($"ledger: {line.EscapeMarkup()}");
        }

        console.MarkupLine($"outcomes: {Figures.Outcomes(report.Result.Outcomes).EscapeMarkup()}");
        console.MarkupLine($"other programs took {Figures.Percent(Math.Round(report.OthersShare, 2))} of the processors meanwhile");
        console.MarkupLine($"report: {Path.Combine(folder, ReportFiles.Html).EscapeMarkup()}");
    }

    public static void WriteSummary(IAnsiConsole console, IReadOnlyList<RunReport> reports)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("scenario", "verdict");
        foreach (var head in new[] { "calls", "charged", "credits", "p50 ms", "p99 ms" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        table.AddColumn("ledger");
        foreach (var report in reports)
        {
            var result = report.Result;
            table.AddRow(
                report.Scenario, Verdict(report.Passed), Figures.Count(result.Calls), Figures.Count(result.Charged.Count),
                Figures.Count(result.Credits), Figures.Milliseconds(result.All.P50), Figures.Milliseconds(result.All.P99),
                report.Ledger.Ok ? "right" : "[red]wrong[/]");
        }

        console.WriteLine();
        console.Write(table);
    }

    private static Table Latencies(ScenarioResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("latency in ms");
        foreach (var head in new[] { "calls", "mean", "p50", "p75", "p90", "p99", "p99.9", "max" })
        {
            table.AddColumn(new TableColumn(head).RightAligned());
        }

        foreach (var row in LatencyRows.Of(result))
        {
            table.AddRow([.. row.Select(cell => cell.EscapeMarkup())]);
        }

        return table;
    }

    private static Table Thresholds(RunReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("threshold", "measured", "verdict");
        foreach (var threshold in report.Thresholds)
        {
            table.AddRow(threshold.Name.EscapeMarkup(), threshold.Actual.EscapeMarkup(), Verdict(threshold.Passed));
        }

        return table;
    }

    private static string Verdict(bool passed) => passed ? "[green]passed[/]" : "[red]FAILED[/]";
}
