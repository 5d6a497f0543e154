using System.Globalization;
using MeteringGateway.Compare.Report;
using MeteringGateway.Load.Measuring;

using static MeteringGateway.Load.Report.Markdown;

namespace MeteringGateway.Compare.Growth;

/// <summary>The tables of a growth run.</summary>
internal static class GrowthReport
{
    public static string Of(string machine, CompareOptions options, GrowthResults results, IReadOnlyCollection<string> findings)
    {
        var thousand = results.PerSecond(GrowthResults.Thousand);
        return string.Join('\n',
            machine + string.Create(
                CultureInfo.InvariantCulture,
                $" {options.Accounts:N0} accounts with a key each, everysec, {options.Connections} connections, "
                    + $"{options.Seconds} s a load, medians of {options.Rounds} rounds where a load runs more than once."),
            "",
            CompareReport.Outcome(findings),
            "",
            "### What it must show",
            Goals(results, thousand),
            "### Loads",
            Loads(results, thousand),
            "### Memory and time",
            Table(["what", "figure"], results.Facts.Select(fact => (IReadOnlyList<string>)[fact.What, fact.Figure])));
    }

    private static string Goals(GrowthResults results, double thousand)
    {
        (Goal Goal, double Figure, string Load)[] goals =
        [
            (new Goal("all accounts, warm / 1,000, warm", 0.90, true, 2), results.PerSecond(GrowthResults.AllWarm) / thousand,
                GrowthResults.AllWarm),
            (new Goal("all accounts, cold / 1,000, warm", 0.50, true, 2), results.PerSecond(GrowthResults.AllCold) / thousand,
                GrowthResults.AllCold),
            (new Goal("one account / 1,000, warm", 0.90, true, 2), results.PerSecond(GrowthResults.Hot) / thousand, GrowthResults.Hot),
            (new Goal("flushed a second / charged a second of 1,000, warm", 5, true, 1), results.FlushedPerSecond / thousand, ""),
            (new Goal("p99 while a backlog is flushed / quiet", 1.5, false, 2), results.SlowerWhileFlushing, ""),
        ];
        return Table(["question", "goal", "figure", "note"], goals.Select(goal => (IReadOnlyList<string>)[
            goal.Goal.Question, goal.Goal.Wanted, goal.Goal.Said(goal.Figure), results.Notes.GetValueOrDefault(goal.Load, ""),
        ]));
    }

    private static string Loads(GrowthResults results, double thousand) => Table(
        ["load", "requests/s", "/ 1,000 accounts, warm", "p50 ms", "p99 ms", "others on the machine", "refused or lost", "note"],
        from what in results.Loads.Select(load => load.What).Distinct()
        select (IReadOnlyList<string>)[
            what, Number(results.PerSecond(what), 0), Number(Statistics.Ratio(results.PerSecond(what), thousand), 2),
            Number(results.Median(what, load => load.P50.TotalMilliseconds), 2),
            Number(results.Median(what, load => load.P99.TotalMilliseconds), 2), Percent(results.Others(what)),
            Number(results.Loads.Where(load => load.What == what).Sum(load => load.Load.Refused + load.Load.Lost), 0),
            results.Notes.GetValueOrDefault(what, ""),
        ]);
}
