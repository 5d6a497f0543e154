using System.Diagnostics;
using MeteringGateway.Compare.Load;
using MeteringGateway.Compare.Subjects;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Rounds;

/// <summary>One load on one subject, from an empty outbox to an empty outbox, with its answers compared with the ledger.</summary>
internal sealed class Measurement(Wrk wrk, LedgerCheck check)
{
    /// <summary>As many connections as an open load may need while a subject stands still.</summary>
    private const int OpenConnections = 512;

    private static readonly TimeSpan OpenWarmUp = TimeSpan.FromSeconds(1);

    public async Task<Window> ClosedAsync(
        Subject subject, LoadTarget target, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        await PrepareAsync(subject, cancellation);
        var codes = await OutcomesAsync(subject, cancellation);
        var before = await Sample.BeforeAsync(subject, cancellation);
        var load = await wrk.RunAsync(target, connections, duration, cancellation);
        var ended = await Sample.AfterAsync(subject, cancellation);
        var (settled, settling) = (ended, TimeSpan.Zero);
        if (subject.Ledger is { } ledger)
        {
            var start = Stopwatch.GetTimestamp();
            await check.SettleAsync(subject.Title, ledger, cancellation);
            settling = Stopwatch.GetElapsedTime(start);
            settled = await Sample.AfterAsync(subject, cancellation);
            check.Compare(subject.Title, load.Succeeded, settled.Entries - before.Entries, connections);
        }

        check.Refused(subject.Title, load, MetricsText.Refusals(codes, await OutcomesAsync(subject, cancellation)));
        return Window.Of(load, before, ended, settled, settling);
    }

    /// <summary>At a constant rate; its answers are all waited for, so none is cut off.</summary>
    public async Task<LoadResult> OpenAsync(
        Subject subject, LoadTarget target, double perSecond, TimeSpan duration, CancellationToken cancellation)
    {
        await PrepareAsync(subject, cancellation);
        var codes = await OutcomesAsync(subject, cancellation);
        var before = subject.Ledger is null ? 0 : await subject.Ledger.EntriesAsync(cancellation);
        var load = await OpenLoadProcess.RunAsync(Plan(target, perSecond, duration), cancellation);
        if (subject.Ledger is { } ledger)
        {
            await check.SettleAsync(subject.Title, ledger, cancellation);
            check.Compare($"{subject.Title}, open loop", load.Succeeded, await ledger.EntriesAsync(cancellation) - before, 0);
        }

        check.Refused($"{subject.Title}, open loop", load, MetricsText.Refusals(codes, await OutcomesAsync(subject, cancellation)));
        return load;
    }

    public static OpenLoadPlan Plan(LoadTarget target, double perSecond, TimeSpan duration) =>
        new(target, Math.Max(1, perSecond), duration, OpenWarmUp, OpenConnections);

    private async Task PrepareAsync(Subject subject, CancellationToken cancellation)
    {
        if (subject is { RedisPort: { } port, Fsync: { } fsync })
        {
            using var redis = new RedisProbe(port);
            redis.SetFsync(fsync);
        }

        if (subject.Ledger is { } ledger)
        {
            await check.SettleAsync(subject.Title, ledger, cancellation);
        }
    }

    private static Task<Dictionary<string, long>> OutcomesAsync(Subject subject, CancellationToken cancellation) =>
        LedgerCheck.OutcomesAsync(subject.Gateways, cancellation);
}
