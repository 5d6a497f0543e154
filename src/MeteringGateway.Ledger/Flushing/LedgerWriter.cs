using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Moves a batch of each of some partitions from the outbox to the ledger, in one transaction: what a transaction costs besides its rows
/// is most of it at a hundred rows. Any number of callers at once, in all gateways; each may die at any point: the outbox is trimmed only
/// after the commit, and an entry that is read twice is known by its entry id.
/// <list type="number">
/// <item>Lock the partitions, ascending; leave out those whose epoch is not the caller's, and those that forgot what was committed.</item>
/// <item>Read a batch of each, only under the lock: an earlier read could return entries that another flusher has just written.
/// Stop before an entry of an unknown format; set aside entries that can't be read.</item>
/// <item>Lock the accounts, by id.</item>
/// <item>Continue each chain with its entries, and write entries, spend and balances (<see cref="ChainWrite"/>).</item>
/// <item>Raise the write sequences, commit, trim.</item>
/// </list>
/// A flush of many partitions waits for nothing that a single one of them can hold up: a partition that another flush has, whose Redis is
/// silent, or one of whose accounts is locked, is left out, and the others go on. A flush of one partition waits for its locks.
/// Two flushes can't deadlock. A wait for a partition is the first lock of a transaction that takes no second one. All else that a flush
/// locks (accounts, spend rows, the partition's row) belongs to the partitions that it has, so no other flush holds it; accounts are
/// locked by id for the sake of other statements that lock more than one.
/// </summary>
internal sealed class LedgerWriter(
    NpgsqlDataSource database,
    IOutbox outbox,
    IOptions<LedgerOptions> options,
    LedgerMetrics metrics,
    ILogger<LedgerWriter> log)
{
    /// <summary>
    /// What this gateway has committed last, by partition: within the epoch the ledger's own write sequence is never behind it. A recovery,
    /// which begins an epoch, takes the ledger as it is.
    /// </summary>
    private readonly ConcurrentDictionary<int, (long Epoch, long WriteSequence)> _committed = new();

    /// <summary>Entries of these accounts were committed. Must return at once: the flush goes on with its trim.</summary>
    public event Action<IReadOnlyCollection<long>>? Wrote;

    /// <summary>Flushes a batch of one partition, whose locks are waited for. Throws if the partition's Redis is away.</summary>
    public async Task<FlushResult> FlushPartitionAsync(int partition, long epoch, CancellationToken cancellationToken)
    {
        var part = new PartitionFlush(partition, epoch, options.Value.BatchSize);
        await FlushAsync([part], waits: true, cancellationToken);
        if (part.Result.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return part.Result;
    }

    /// <summary>Flushes a batch of each partition that nothing holds up. Throws if PostgreSQL is away.</summary>
    public Task FlushManyAsync(IReadOnlyList<PartitionFlush> parts, CancellationToken cancellationToken) =>
        FlushAsync(parts, waits: false, cancellationToken);

    private async Task FlushAsync(IReadOnlyList<PartitionFlush> parts, bool waits, CancellationToken cancellationToken)
    {
        using var span = FlushTrace.Begin();
        try
        {
            var written = await FlushOnceAsync(parts, waits, cancellationToken);
            span?.Tell(written);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            metrics.FlushFailed();
            throw;
        }
    }

    /// <summary>Answers the partitions of which entries were written.</summary>
    private async Task<IReadOnlyList<PartitionFlush>> FlushOnceAsync(
        IReadOnlyList<PartitionFlush> parts, bool waits, CancellationToken cancellationToken)
    {
        // Step 1
        var started = Stopwatch.GetTimestamp();
        await using var flush = new FlushTransaction(database, waits);
        var rows = await flush.OpenAsync([.. parts.Select(part => part.Partition).Order()], cancellationToken);
        foreach (var part in parts)
        {
            Admit(part, rows, waits);
        }

        // Step 2
        await Task.WhenAll(parts.Where(part => part.TakesPart).Select(part => part.ReadAsync(outbox, cancellationToken)));
        if (!parts.Any(part => part.TakesPart))
        {
            return [];
        }

        // Step 3
        var write = new ChainWrite(flush, await LockAccountsAsync(flush, parts, waits, cancellationToken));
        var taking = parts.Where(part => part.TakesPart).ToList();
        if (taking.Count == 0)
        {
            return [];
        }

        // Step 4
        await write.WriteAsync([.. taking.SelectMany(part => part.Batch.Entries)], cancellationToken);
        foreach (var part in taking.Where(part => part.Batch.Poison.Count > 0))
        {
            await flush.SetAsideAsync(part.Partition, part.Batch.Poison, cancellationToken);
        }

        // Step 5
        FaultPoint.Hit("flush-before-commit");
        taking.ForEach(part => part.WriteSequence = Math.Max(part.WriteSequence, outbox.WriteSequence(part.Partition)));
        await flush.CommitAsync(
            [.. taking.Select(part => part.Partition)], [.. taking.Select(part => part.WriteSequence)], cancellationToken);
        taking.ForEach(part => _committed.AddOrUpdate(
            part.Partition, (part.Epoch, part.WriteSequence), (_, last) => Later(last, (part.Epoch, part.WriteSequence))));
        FaultPoint.Hit("flush-after-commit");
        Report(taking, write.Drift, Stopwatch.GetElapsedTime(started));
        Wrote?.Invoke(write.Accounts);
        FaultPoint.Hit("flush-before-trim");
        await Task.WhenAll(taking.Select(part => part.TrimAsync(outbox, write.Drift, cancellationToken)));
        FaultPoint.Hit("flush-after-trim");
        return taking;
    }

    /// <summary>By the epoch, and within it by the write sequence.</summary>
    private static (long Epoch, long WriteSequence) Later((long, long) one, (long, long) other) => one.CompareTo(other) < 0 ? other : one;

    private void Admit(PartitionFlush part, Dictionary<int, (long Epoch, long WriteSequence)> rows, bool waits)
    {
        var isThere = rows.TryGetValue(part.Partition, out var row);
        var epoch = row.Epoch;
        if (!isThere)
        {
            part.LeaveOut(
                waits ? throw new InvalidOperationException($"The ledger has no partition {part.Partition}.") : FlushOutcome.Busy);
        }
        else if (epoch != part.Epoch)
        {
            part.LeaveOut(FlushOutcome.FencedEpoch);
        }
        else if (_committed.TryGetValue(part.Partition, out var last) && last.Epoch == epoch && row.WriteSequence < last.WriteSequence)
        {
            // A copy from before a commit of ours was put in the ledger's place.
            part.LeaveOut(FlushOutcome.ForgottenCommit);
        }
        else
        {
            part.WriteSequence = row.WriteSequence;
        }
    }

    private static async Task<Dictionary<long, ChainHead>> LockAccountsAsync(
        FlushTransaction flush, IReadOnlyList<PartitionFlush> parts, bool waits, CancellationToken cancellationToken)
    {
        var entries = parts.Where(part => part.TakesPart).SelectMany(part => part.Batch.Entries).ToList();
        var heads = await flush.LockAccountsAsync([.. entries.Select(e => e.Entry.AccountId).Distinct()], cancellationToken);
        foreach (var part in parts.Where(part => part.TakesPart))
        {
            var strays = part.Batch.Entries.Where(e => !heads.ContainsKey(e.Entry.AccountId)).ToList();
            if (strays.Count > 0 && !waits)
            {
                part.LeaveOut(FlushOutcome.Apart);
                continue;
            }

            strays.ForEach(stray => part.Batch.SetAside(stray, $"account {stray.Entry.AccountId} is unknown"));
        }

        return heads;
    }

    private void Report(List<PartitionFlush> parts, IReadOnlyDictionary<long, long> drift, TimeSpan took)
    {
        metrics.Flushed(parts.Sum(part => part.Batch.Entries.Count), parts.Sum(part => part.Batch.Poison.Count), took);
        foreach (var part in parts)
        {
            foreach (var poison in part.Batch.Poison)
            {
                log.LogError(
                    "Partition {Partition}: an outbox entry can't be written and was set aside in poison_entries: {Reason}",
                    part.Partition, poison.Reason);
            }
        }

        foreach (var (account, credits) in drift)
        {
            if (metrics.NoteDrift(account, credits))
            {
                log.LogError(
                    "Partition {Partition}: Redis saw {Credits} credits more than the ledger has for account {Account}",
                    parts.Find(part => part.Batch.Entries.Exists(e => e.Entry.AccountId == account))?.Partition, credits, account);
            }
        }
    }
}
