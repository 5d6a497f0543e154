using System.Globalization;
using System.Text;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Reports;

/// <summary>A row for each second: what charts are drawn from. Times in milliseconds; a column for each outcome that there was.</summary>
internal static class CsvReport
{
    public static string Of(RunReport report)
    {
        var outcomes = Figures.Ordered(report.Result.Outcomes).Select(outcome => outcome.Key).ToArray();
        var text = new StringBuilder()
            .AppendLine(string.Join(',', ["second", "wanted", "sent", "ended", "p50_ms", "p99_ms", "max_ms", "credits", .. outcomes]));
        foreach (var second in report.Result.Seconds)
        {
            text.AppendLine(string.Join(',', Cells(second, outcomes)));
        }

        return text.ToString();
    }

    private static IEnumerable<string> Cells(SecondResult second, string[] outcomes) =>
        new[]
        {
            second.Second, second.Wanted, second.Sent, second.Ended, second.P50.TotalMilliseconds, second.P99.TotalMilliseconds,
            second.Max.TotalMilliseconds, second.Credits,
        }
            .Concat(outcomes.Select(outcome => (double)second.Outcomes.GetValueOrDefault(outcome)))
            .Select(number => number.ToString("0.###", CultureInfo.InvariantCulture));
}
