using System.Globalization;
using MeteringGateway.Scenarios.Reports.Html;
using MeteringGateway.Scenarios.Results;
using static MeteringGateway.Scenarios.Reports.Html.Page;

namespace MeteringGateway.Scenarios.Reports;

/// <summary>The report as one page that needs nothing but itself: no script, no other file. Well-formed as XML.</summary>
internal static class HtmlReport
{
    public const string ClosedModel =
        "Closed model: each caller waits for its answer before the next call, so a server that stalls is asked less, "
        + "and the latencies leave out what the calls not made would have waited.";

    private static readonly string s_style = Style();

    public static string Of(RunReport report) =>
        $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>{Text($"{report.Scenario}: {Verdict(report.Passed)}")}</title><style>{s_style}</style></head><body><main>
        {Header(report)}
        {Cards(report)}
        {ResultCharts.Of(report.Result)}
        <div class="two">{Thresholds(report)}{Ledger(report)}</div>
        {Section("Latency percentiles", "<span class=\"muted over\">each from when its call was due</span>", Page.Table(LatencyRows.Head, LatencyRows.Of(report.Result), texts: 1))}
        {About(report)}
        {EachSecond(report.Result)}
        </main></body></html>
        """;

    private static string Header(RunReport report)
    {
        var start = report.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
        return $"<header><p class=\"over\">Load test · {Text(start)} · {Text(report.Target)}</p>"
            + $"<h1>{Text(report.Scenario)}<span class=\"pill {Colour(report.Passed)}\">{Verdict(report.Passed)}</span></h1>"
            + $"<p>{Text(report.Contention)}</p><p class=\"muted\">{Text(report.Phases)}</p></header>"
            + (report.CutShort is { } why ? $"<p class=\"note\">Cut short: {Text(why)}.</p>" : "")
            + (report.IsClosed ? $"<p class=\"note\">{Text(ClosedModel)}</p>" : "");
    }

    private static string Cards(RunReport report)
    {
        var result = report.Result;
        var seconds = Math.Max(1, result.Length.TotalSeconds);
        var lead = result.Charged.Count > 0 ? result.Charged : result.All;
        var whose = result.Charged.Count > 0 ? "charged calls" : "all calls";
        return "<div class=\"cards\">"
            + Card("Answered in time", Figures.Count(result.RunsInTime / seconds), "/s", result.RunsWanted > 0
                ? $"{Figures.Percent(result.Reached)} of {Figures.Count(result.RunsWanted / seconds)}/s wanted" : "closed model")
            + Card("p50", Figures.Milliseconds(lead.P50), "ms", whose)
            + Card("p99", Figures.Milliseconds(lead.P99), "ms", $"max {Figures.Milliseconds(lead.Max)} ms")
            + Card(
                "Charged", Figures.Count(result.Credits), "credits",
                $"{Figures.Count(result.Charged.Count)} of {Figures.Count(result.Calls)} calls")
            + Card(
                "Ledger", report.Ledger.Ok ? "right" : "wrong", "",
                report.Ledger.Ok ? "to the credit" : $"{report.Ledger.Problems.Count} problems", Colour(report.Ledger.Ok))
            + "</div>";
    }

    private static string Thresholds(RunReport report)
    {
        var rows = string.Concat(report.Thresholds.Select(one =>
            $"<tr><td>{Text(one.Name)}</td><td class=\"n\">{Text(one.Actual)}</td>"
                + $"<td class=\"n {Colour(one.Passed)}\">{(one.Passed ? "✓ passed" : "✗ failed")}</td></tr>"));
        return Section(
            "Thresholds",
            $"<span class=\"muted over\">{report.Thresholds.Count(one => one.Passed)} of {report.Thresholds.Count} hold</span>",
            $"<table><thead><tr><th>Wanted</th><th class=\"n\">Measured</th><th></th></tr></thead><tbody>{rows}</tbody></table>");
    }

    private static string Ledger(RunReport report) => Section(
        "Check of the ledger", $"<span class=\"{Colour(report.Ledger.Ok)}\">{(report.Ledger.Ok ? "✓ right" : "✗ wrong")}</span>",
        "<ul>" + string.Concat(report.Ledger.Looked.Select(line => $"<li>{Text(line)}</li>"))
            + string.Concat(report.Ledger.Problems.Select(line => $"<li class=\"bad\">{Text(line)}</li>")) + "</ul>");

    private static string About(RunReport report) => Section(
        "This run", "",
        $"<dl><dt>Repeat it</dt><dd><code>{Text(report.Command)}</code></dd><dt>Seed</dt><dd>{report.Seed}</dd>"
            + $"<dt>Commit</dt><dd>{Text(report.Machine.Commit)}</dd><dt>Machine</dt><dd>{Text(Machine(report))}</dd>"
            + $"<dt>Versions</dt><dd>{Text(report.Machine.Versions)}</dd></dl>");

    private static string EachSecond(ScenarioResult result)
    {
        var outcomes = Figures.Ordered(result.Outcomes).Select(outcome => outcome.Key).ToArray();
        return "<section><details><summary>Each second</summary>" + Page.Table(
            ["second", "wanted", "sent", "ended", "p50 ms", "p99 ms", "max ms", "credits", .. outcomes],
            result.Seconds.Select(second => (IReadOnlyList<string>)
            [
                Figures.Count(second.Second), Figures.Count(second.Wanted), Figures.Count(second.Sent), Figures.Count(second.Ended),
                Figures.Milliseconds(second.P50), Figures.Milliseconds(second.P99), Figures.Milliseconds(second.Max),
                Figures.Count(second.Credits), .. outcomes.Select(outcome => Figures.Count(second.Outcomes.GetValueOrDefault(outcome))),
            ]),
            texts: 0) + "</details></section>";
    }

    private static string Machine(RunReport report) =>
        $"{report.Machine.Hardware}; other programs took {Figures.Percent(Math.Round(report.OthersShare, 2))} of them meanwhile";

    private static string Verdict(bool passed) => passed ? "passed" : "failed";
    private static string Colour(bool passed) => passed ? "good" : "bad";

    private static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("Reports/Html/report.css")
            ?? throw new InvalidOperationException("Reports/Html/report.css is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
