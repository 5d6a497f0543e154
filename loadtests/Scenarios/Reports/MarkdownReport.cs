using System.Globalization;
using System.Text;
using static MeteringGateway.Load.Report.Markdown;

namespace MeteringGateway.Scenarios.Reports;

/// <summary>The report for an issue or a pull request: tables, no charts.</summary>
internal static class MarkdownReport
{
    public static string Of(RunReport report)
    {
        var result = report.Result;
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"# {report.Scenario}: {(report.Passed ? "passed" : "FAILED")}")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{report.Contention} {report.Phases}, at {report.Target}.");
        if (report.CutShort is { } why)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"**{why}**");
        }

        if (report.IsClosed)
        {
            text.AppendLine().AppendLine(HtmlReport.ClosedModel);
        }

        text.AppendLine().Append(Table(
            ["threshold", "measured", "verdict"],
            report.Thresholds.Select(one => (IReadOnlyList<string>)[one.Name, one.Actual, one.Passed ? "passed" : "**failed**"])));
        text.AppendLine().Append(Table(LatencyRows.Head, LatencyRows.Of(result)));
        text.AppendLine().Append(Table(
            ["outcome", "calls", "share"],
            Figures.Ordered(result.Outcomes).Select(one => (IReadOnlyList<string>)
            [
                $"`{one.Key}`", Figures.Count(one.Value), Figures.Percent(result.Share(one.Key)),
            ])));
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Ledger: {(report.Ledger.Ok ? "right" : "**wrong**")}.").AppendLine();
        foreach (var line in report.Ledger.Looked.Concat(report.Ledger.Problems.Select(problem => $"**{problem}**")))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        var machine = report.Machine;
        return text.AppendLine()
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"`{report.Command}`, {machine.Day}, commit {machine.Commit}. {machine.Hardware}. {machine.Versions}. Seed {report.Seed}. "
                    + $"Other programs took {Figures.Percent(Math.Round(report.OthersShare, 2))} of the processors.")
            .ToString();
    }
}
