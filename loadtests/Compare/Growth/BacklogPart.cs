using System.Diagnostics;
using MeteringGateway.Compare.Load;
using MeteringGateway.Compare.Rounds;
using MeteringGateway.Load.Measuring;
using MeteringGateway.Load.Report;
using Npgsql;

namespace MeteringGateway.Compare.Growth;

/// <summary>
/// Entries that pile up while the ledger's table is locked against writers: what each takes in Redis, how fast they are flushed once the
/// lock is gone and nothing else runs, and what calls at half load notice of a flush of as many.
/// </summary>
internal static class BacklogPart
{
    private const int Thousand = 1000;
    private const string What = "1,000 accounts, nothing flushed";

    public static async Task RunAsync(GrowthBench bench, CancellationToken cancellation)
    {
        var ledger = bench.Stack.Ledger;
        var pile = await PileUpAsync(bench, cancellation);
        var start = Stopwatch.GetTimestamp();
        await bench.Check.SettleAsync(What, ledger, cancellation);
        var took = Stopwatch.GetElapsedTime(start);
        await CompareAsync(bench, pile, 0, cancellation);
        bench.Results.FlushedPerSecond = Statistics.Ratio(pile.Waiting, took.TotalSeconds);
        bench.Results.Add(
            $"flushing {Markdown.Number(pile.Waiting, 0)} entries while nothing else runs",
            $"{Markdown.Number(bench.Results.FlushedPerSecond, 0)} a second, {ColdParts.Seconds(took)}");

        var rate = bench.Results.PerSecond(GrowthResults.Thousand) / 2;
        if (double.IsNaN(rate))
        {
            return;
        }

        var measurement = new Measurement(bench.Wrk, bench.Check);
        var quiet = await measurement.OpenAsync(bench.Subject, bench.Target(Thousand), rate, bench.Options.Duration, cancellation);
        pile = await PileUpAsync(bench, cancellation);
        var busy = await OpenLoadProcess.RunAsync(Measurement.Plan(bench.Target(Thousand), rate, bench.Options.Duration), cancellation);
        var left = await ledger.UnflushedAsync(cancellation);
        await bench.Check.SettleAsync(What, ledger, cancellation);
        await CompareAsync(bench, pile, busy.Succeeded, cancellation);
        bench.Results.SlowerWhileFlushing = Statistics.Ratio(busy.P99.TotalMilliseconds, quiet.P99.TotalMilliseconds);
        bench.Results.Add(
            $"calls at half load while a backlog is flushed, {Markdown.Number(left, 0)} entries left at their end",
            $"p99 {Markdown.Milliseconds(busy.P99)} ms, quiet {Markdown.Milliseconds(quiet.P99)} ms");
        bench.Check.Refused(What, busy, "");
    }

    private static async Task CompareAsync(GrowthBench bench, Pile pile, long more, CancellationToken cancellation) =>
        bench.Check.Compare(
            What, pile.Succeeded + more, await bench.Stack.Ledger.EntriesAsync(cancellation) - pile.Before, pile.Cut);

    /// <summary>As many as were asked for, or as come in the time for warming up; how many are waiting when the lock goes.</summary>
    private static async Task<Pile> PileUpAsync(GrowthBench bench, CancellationToken cancellation)
    {
        var ledger = bench.Stack.Ledger;
        await bench.Check.SettleAsync(What, ledger, cancellation);
        var (entries, succeeded, cut) = (await ledger.EntriesAsync(cancellation), 0L, 0);
        await using var connection = await ledger.Database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var hold = new NpgsqlCommand("lock table ledger_entries in share row exclusive mode", connection, transaction);
        await hold.ExecuteNonQueryAsync(cancellation);
        var (waiting, start) = (0L, Stopwatch.GetTimestamp());
        while (waiting < bench.Options.Backlog && Stopwatch.GetElapsedTime(start) < bench.Options.Warming)
        {
            var load = await bench.RunAsync(
                What, bench.Target(Thousand), bench.Options.Connections, bench.Options.Duration, cancellation);
            bench.Check.Refused(What, load, "");
            (succeeded, cut) = (succeeded + load.Succeeded, cut + bench.Options.Connections);
            waiting = await ledger.UnflushedAsync(cancellation);
        }

        bench.Results.Add(
            $"Redis for each unflushed entry, of {Markdown.Number(waiting, 0)}",
            Markdown.Number(Statistics.Ratio(await ledger.BytesAsync("outbox", cancellation), waiting), 0) + " bytes");
        await transaction.RollbackAsync(cancellation);
        return new Pile(waiting, entries, succeeded, cut);
    }

    /// <param name="Before">Entries of the ledger before the first of the pile.</param>
    /// <param name="Cut">Calls that may have been cut off.</param>
    private sealed record Pile(long Waiting, long Before, long Succeeded, int Cut);
}
