using MeteringGateway.Scenarios.Model;
using MeteringGateway.Scenarios.Results;

namespace MeteringGateway.Scenarios.Reports.Html;

/// <summary>What is drawn of a result: latency, throughput and outcomes over its seconds.</summary>
internal static class ResultCharts
{
    private const double Wide = 1080;
    private const double Half = 518;

    /// <summary>Charged is good and has its own colour; the others have the next ones, and what is beyond them shares the last.</summary>
    private static readonly string[] s_others = ["k2", "k4", "k5", "k6", "k3"];

    public static string Of(ScenarioResult whole)
    {
        // What came after the load is in the table of seconds; here it would only be a fall to nothing at the end of each line.
        var length = Math.Max(1, (int)Math.Ceiling(whole.Length.TotalSeconds));
        var result = whole with { Seconds = [.. whole.Seconds.Take(length)] };
        Series[] latency =
        [
            new("max", "thin k3", Latencies(result, second => second.Max)), new("p99", "k2", Latencies(result, second => second.P99)),
            new("p50", "k1", Latencies(result, second => second.P50)),
        ];
        List<Series> rates =
        [
            new("wanted", "dashed k3", [.. result.Seconds.Select(second => (double?)second.Wanted)]),
            new("sent", "k2", [.. result.Seconds.Select(second => (double?)second.Sent)]),
            new("answered", "k1", [.. result.Seconds.Select(second => (double?)second.Ended)]),
        ];
        if (result.RunsWanted == 0)
        {
            rates.RemoveAt(0);
        }

        var others = Figures.Ordered(result.Outcomes).Where(outcome => outcome.Key != Response.Charged)
            .Select((outcome, place) => Outcome(result, outcome.Key, s_others[Math.Min(place, s_others.Length - 1)]));
        Series[] outcomes =
        [
            .. result.Outcomes.ContainsKey(Response.Charged) ? [Outcome(result, Response.Charged, "k1")] : Array.Empty<Series>(), .. others,
        ];
        string[] tips = [.. result.Seconds.Select(Tip)];
        return Page.Section(
                "Latency", Page.Legend(latency.Reverse()),
                Chart.Lines(Wide, "Latency by second, milliseconds, logarithmic", latency, tips, isLogarithmic: true, TellMilliseconds))
            + "<div class=\"two\">"
            + Page.Section(
                "Runs a second", Page.Legend(rates), Chart.Lines(Half, "Runs by second", rates, tips, isLogarithmic: false, Figures.Count))
            + Page.Section(
                "Outcomes of calls", Page.Legend(outcomes), Chart.Stacked(Half, "Outcomes by second", outcomes, tips, Figures.Count))
            + "</div>";
    }

    private static double?[] Latencies(ScenarioResult result, Func<SecondResult, TimeSpan> pick) =>
        [.. result.Seconds.Select(second => pick(second) > TimeSpan.Zero ? pick(second).TotalMilliseconds : (double?)null)];

    private static Series Outcome(ScenarioResult result, string outcome, string style) =>
        new(outcome, style, [.. result.Seconds.Select(second => (double?)second.Outcomes.GetValueOrDefault(outcome))]);

    private static string TellMilliseconds(double figure) =>
        figure >= 1 ? Figures.Count(figure) + " ms" : FormattableString.Invariant($"{figure:0.###} ms");

    private static string Tip(SecondResult second) => string.Join('\n',
        $"second {second.Second}",
        $"p50 {Figures.Milliseconds(second.P50)} ms, p99 {Figures.Milliseconds(second.P99)} ms, max {Figures.Milliseconds(second.Max)} ms",
        $"wanted {Figures.Count(second.Wanted)}, sent {Figures.Count(second.Sent)}, answered {Figures.Count(second.Ended)}",
        Figures.Outcomes(second.Outcomes));
}
