using MeteringGateway.Compare.Load;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Measuring;

using static MeteringGateway.Load.Report.Markdown;

namespace MeteringGateway.Compare.Report;

/// <summary>The tables of a comparison.</summary>
internal static class CompareReport
{
    /// <summary>The processor time of bare YARP on the machine on which the goals of Redis and PostgreSQL were set.</summary>
    private const double BareMicroseconds = 60;

    public static string Of(
        string machine, CompareOptions options, IReadOnlyList<RoundResult> results, IReadOnlyCollection<string> findings)
    {
        var medians = new Medians(results);
        var others = results.Select(result => result.Closed.OthersShare).DefaultIfEmpty(double.NaN).ToList();
        return string.Join('\n',
            machine + $" {options.Connections} connections, {options.Seconds} s a load, medians of {options.Rounds} rounds. Other programs "
                + $"took {Percent(Statistics.Median(others))} of the processors at the median, {Percent(others.Max())} at most.",
            "",
            Outcome(findings),
            "",
            "### What it must show",
            Goals(medians, options.Fsync),
            "### Throughput and latency",
            Latencies(medians),
            Added(medians),
            "### What a call costs",
            Costs(medians),
            "### Each round",
            Rounds(results));
    }

    public static string Outcome(IReadOnlyCollection<string> findings) => findings.Count == 0
        ? "The ledger was right after each load: an entry for each 2xx, `ledger verify` and `ledger reconcile` ok, and no call refused."
        : "**This run failed:**\n" + string.Join('\n', findings.Distinct().Select(finding => "- " + finding));

    private static string Goals(Medians medians, IReadOnlyList<string> policies)
    {
        var rows =
            from goal in All()
            select (IReadOnlyList<string>)[
                goal.Goal.Question, goal.Goal.Wanted,
                .. from policy in policies
                   select goal.Goal.Said(goal.Figure(medians, $"{Subject.Gateway}, {policy}", $"{Subject.Nginx}, {policy}")),
            ];
        return Table(["question", "goal", .. policies], rows);
    }

    private static IEnumerable<(Goal Goal, Func<Medians, string, string, double> Figure)> All() =>
    [
        (new Goal("throughput, gateway / bare YARP", 0.50, true, 2), (all, ours, _) => all.Ratio(ours, Subject.Bare, PerSecond)),
        (new Goal("throughput, gateway / nginx peer", 0.80, true, 2), (all, ours, peer) => all.Ratio(ours, peer, PerSecond)),
        (new Goal("processor time, gateway / bare YARP", 1.4, false, 2), (all, ours, _) => all.Paired(
            ours, Subject.Bare, OwnTime, Statistics.Ratio)),
        (new Goal("added to bare YARP's median at one connection", 0.35, false, 2, " ms"), (all, ours, _) => all.Added(
            ours, Subject.Bare, result => result.Single.P50.TotalMilliseconds)),
        (new Goal("added to bare YARP's median at half load", 0.5, false, 2, " ms"), (all, ours, _) => all.Added(
            ours, Subject.Bare, result => result.Half.P50.TotalMilliseconds)),
        (new Goal("scripts a call", 0.2, false, 2), (all, ours, _) => all.Of(ours, result => result.Closed.ScriptsPerCall)),
        (new Goal("Redis a call, where bare YARP takes 60 µs", 40, false, 0, " µs"), (all, ours, _) => Scaled(all, ours, "redis")),
        (new Goal("PostgreSQL a call, where bare YARP takes 60 µs", 30, false, 0, " µs"), (all, ours, _) => Scaled(all, ours, "postgres")),
        (new Goal("calls refused or lost", 0, false, 0), (all, ours, _) => all.Sum(
            ours, result => Failed(result.Closed.Load) + Failed(result.Half) + Failed(result.Single))),
    ];

    private static string Latencies(Medians medians) => Table(
        ["subject", "requests/s", "/ bare", "p50 ms", "p99 ms", "at half load: requests/s", "p50 ms", "p99 ms",
            "one connection: p50 ms", "p99 ms"],
        from subject in medians.Subjects
        select (IReadOnlyList<string>)[
            subject, Number(medians.Of(subject, PerSecond), 0), Number(medians.Ratio(subject, Subject.Bare, PerSecond), 2),
            Number(medians.Of(subject, result => result.Closed.Load.P50.TotalMilliseconds), 2),
            Number(medians.Of(subject, result => result.Closed.Load.P99.TotalMilliseconds), 2),
            Number(medians.Of(subject, result => result.Half.PerSecond), 0),
            Number(medians.Of(subject, result => result.Half.P50.TotalMilliseconds), 2),
            Number(medians.Of(subject, result => result.Half.P99.TotalMilliseconds), 2),
            Number(medians.Of(subject, result => result.Single.P50.TotalMilliseconds), 2),
            Number(medians.Of(subject, result => result.Single.P99.TotalMilliseconds), 2),
        ]);

    private static string Costs(Medians medians) => Table(
        ["subject", "itself µs", "Redis µs", "PostgreSQL µs", "provider µs", "allocated bytes", "scripts", "commands from outside",
            "socket reads of Redis", "flushed within the load", "flushed after s"],
        from subject in medians.Subjects
        select (IReadOnlyList<string>)[
            subject, Number(medians.Of(subject, OwnTime), 0), Number(medians.Of(subject, result => Time(result, "redis")), 0),
            Number(medians.Of(subject, result => Time(result, "postgres")), 0),
            Number(medians.Of(subject, result => Time(result, "provider")), 0),
            Number(medians.Of(subject, result => result.Closed.AllocatedPerCall), 0),
            Number(medians.Of(subject, result => result.Closed.ScriptsPerCall), 2),
            Number(medians.Of(subject, result => result.Closed.CommandsPerCall) * medians.Of(subject, result => result.FromOutside), 2),
            Number(medians.Of(subject, result => result.Closed.ReadsPerCall), 2),
            Percent(medians.Of(subject, result => result.Closed.Flushed)),
            Number(medians.Of(subject, result => result.Closed.Settling.TotalSeconds), 2),
        ]);

    private static string Rounds(IReadOnlyList<RoundResult> results) => Table(
        ["round", "subject", "requests/s", "/ bare of that round", "others on the machine", "refused or lost"],
        from result in results
        let bare = results.FirstOrDefault(other => other.Round == result.Round && other.Subject == Subject.Bare)
        let load = result.Closed.Load
        select (IReadOnlyList<string>)[
            Number(result.Round, 0), result.Subject, Number(load.PerSecond, 0),
            bare is null ? None : Number(load.PerSecond / bare.Closed.PerSecond, 2), Percent(result.Closed.OthersShare),
            Number(Failed(load), 0),
        ]);

    private static string Added(Medians medians)
    {
        (string Name, Func<RoundResult, double> Figure)[] figures =
        [
            ("at half load: p50 ms", result => result.Half.P50.TotalMilliseconds),
            ("p99 ms", result => result.Half.P99.TotalMilliseconds),
            ("one connection: p50 ms", result => result.Single.P50.TotalMilliseconds),
            ("p99 ms", result => result.Single.P99.TotalMilliseconds),
        ];
        return Table(
            ["added to bare YARP by", .. figures.Select(figure => figure.Name)],
            from subject in medians.Subjects
            where subject != Subject.Bare
            select (IReadOnlyList<string>)[
                subject, .. figures.Select(figure => Number(medians.Added(subject, Subject.Bare, figure.Figure), 2)),
            ]);
    }

    private static long Failed(LoadResult load) => load.Refused + load.Lost;

    private static double PerSecond(RoundResult result) => result.Closed.PerSecond;

    /// <summary>The subject's own part bears its name.</summary>
    private static double OwnTime(RoundResult result) => Time(result, result.Subject.Split(',')[0]);

    private static double Time(RoundResult result, string part) =>
        result.Closed.MicrosecondsPerCall.TryGetValue(part, out var time) ? time : double.NaN;

    private static double Scaled(Medians all, string subject, string part) => all.Of(subject, result => Time(result, part))
        * Statistics.Ratio(BareMicroseconds, all.Of(Subject.Bare, OwnTime));
}
