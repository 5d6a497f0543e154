using System.Globalization;
using MeteringGateway.Compare.Report;

using static MeteringGateway.Load.Report.Markdown;

namespace MeteringGateway.Compare.Streams;

/// <summary>The tables of a run over streams.</summary>
internal static class StreamsReport
{
    public static string Of(string machine, CompareOptions options, StreamsResults results, IReadOnlyCollection<string> findings) =>
        string.Join('\n',
            machine + string.Create(
                CultureInfo.InvariantCulture,
                $" {options.Streams:N0} streams for each row of first bytes; the long stream ran for ")
                + string.Create(CultureInfo.InvariantCulture, $"{options.Length.TotalMinutes:0.##} min. ")
                + $"Other programs took {Percent(results.Others)} of the processors.",
            "",
            findings.Count == 0
                ? "The ledger was right: each stream came whole and was charged once, each account to the credit by the usage that its "
                    + "streams showed, `ledger verify` and `ledger reconcile` ok."
                : CompareReport.Outcome(findings),
            "",
            "### What it must show",
            Goals(results),
            "### First bytes",
            Latencies(results),
            "### Memory of the gateway",
            Memory(results),
            "### Many at once",
            AtOnce(results));

    private static string Goals(StreamsResults results)
    {
        var alone = results.FirstBytes.LastOrDefault(first => first.AtOnce == 1);
        IEnumerable<(Goal Goal, double Figure)> goals =
        [
            (new Goal("first byte from provider to client, median", 5, false, 2, " ms"), alone?.Milliseconds(0.5) ?? double.NaN),
            (new Goal("first byte from provider to client, p99", 5, false, 2, " ms"), alone?.Milliseconds(0.99) ?? double.NaN),
            .. results.Memory.Select(rise => (new Goal($"memory by {rise.What}", 20, false, 1, " MB"), rise.MegaBytes)),
            (new Goal("streams at once, all charged", 1000, true, 0), results.AtOnce?.Held ?? double.NaN),
        ];
        return Table(["question", "goal", "figure"], goals.Select(goal => (IReadOnlyList<string>)[
            goal.Goal.Question, goal.Goal.Wanted, goal.Goal.Said(goal.Figure),
        ]));
    }

    private static string Latencies(StreamsResults results) => Table(
        ["streams", "beside each other", "p50 ms", "p90 ms", "p99 ms", "at most ms"],
        from first in results.AtOnce is { } many ? [.. results.FirstBytes, many.FirstBytes] : results.FirstBytes
        select (IReadOnlyList<string>)[
            $"{Number(first.Times.Count, 0)} {first.What}", Number(first.AtOnce, 0), Number(first.Milliseconds(0.5), 2),
            Number(first.Milliseconds(0.9), 2), Number(first.Milliseconds(0.99), 2), Number(first.Milliseconds(1), 2),
        ]);

    private static string Memory(StreamsResults results) => Table(
        ["answer", "MB sent", "events", "s", "MB before", "MB at most", "MB more"],
        from rise in results.Memory
        select (IReadOnlyList<string>)[
            rise.What, Number(rise.Bytes / 1e6, 1), Number(rise.Events, 0), Number(rise.Duration.TotalSeconds, 1),
            Number(rise.Before / 1e6, 1), Number(rise.Peak / 1e6, 1), Number(rise.MegaBytes, 1),
        ]);

    private static string AtOnce(StreamsResults results) => results.AtOnce is not { } many ? None : Table(
        ["what", "figure"],
        new (string What, string Figure)[]
        {
            ("streams, and the most holds at one time", $"{Number(many.Streams, 0)}, {Number(many.Held, 0)}"),
            ("time from the first call to the last end", Number(many.Duration.TotalSeconds, 1) + " s"),
            ("events passed on", Number(many.Events, 0)),
            ("memory of the gateway before, and at most",
                $"{Number(many.MemoryBefore / 1e6, 0)} MB, {Number(many.MemoryPeak / 1e6, 0)} MB"),
            ("memory for each stream", Number((many.MemoryPeak - many.MemoryBefore) / 1e3 / many.Streams, 0) + " kB"),
            ("processor time of the gateway", Seconds(many.Processor.Gateway, many)),
            ("processor time of Redis", Seconds(many.Processor.Redis, many)),
            ("processor time of PostgreSQL", Seconds(many.Processor.Postgres, many)),
        }.Select(row => (IReadOnlyList<string>)[row.What, row.Figure]));

    private static string Seconds(double microseconds, AtOnce many) =>
        $"{Number(microseconds / 1e6, 2)} s, {Number(microseconds / 1e3 / many.Streams, 2)} ms a stream";
}
