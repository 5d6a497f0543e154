using System.Diagnostics;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Moves one batch of a partition from the outbox to the ledger, in one transaction. Any number of callers at once, in all gateways;
/// each may die at any point: the outbox is trimmed only after the commit, and an entry that is read twice is known by its entry id.
/// <list type="number">
/// <item>Lock the partition; refuse unless its epoch is the caller's.</item>
/// <item>Read a batch, only under the lock: an earlier read could return entries that another flusher has just written.
/// Stop before an entry of an unknown format.</item>
/// <item>Drop entries that the ledger has; set aside entries that can't be read or have no account.</item>
/// <item>Lock the accounts and continue each chain with its entries.</item>
/// <item>Write entries, spend and balances. If PostgreSQL refuses a value, find its entry and set it aside.</item>
/// <item>Raise the write sequence, commit, trim.</item>
/// </list>
/// </summary>
internal sealed class LedgerWriter(
    NpgsqlDataSource database,
    IOutbox outbox,
    IOptions<LedgerOptions> options,
    LedgerMetrics metrics,
    ILogger<LedgerWriter> log)
{
    public async Task<FlushResult> FlushPartitionAsync(int partition, long epoch, CancellationToken cancellationToken)
    {
        // Step 1
        var started = Stopwatch.GetTimestamp();
        await using var flush = new FlushTransaction(database, partition);
        if (await flush.OpenAsync(cancellationToken) != epoch)
        {
            return new FlushResult(FlushOutcome.FencedEpoch);
        }

        // Step 2
        var packed = await outbox.ReadAsync(partition, options.Value.BatchSize, cancellationToken);
        if (packed.Count == 0)
        {
            return new FlushResult(FlushOutcome.Empty);
        }

        // A newer gateway can read an entry of an unknown format. This one stops before it, since the list's order is the chain's order.
        packed = EntryBatch.Readable(packed);
        if (packed.Count == 0)
        {
            return new FlushResult(FlushOutcome.OtherFormat);
        }

        // Step 3
        var batch = EntryBatch.Read(packed);
        batch.DropWritten(await flush.ReadWrittenAsync([.. batch.Entries.Select(e => e.Entry.EntryId)], cancellationToken));

        // Step 4
        var heads = await flush.LockAccountsAsync([.. batch.Entries.Select(e => e.Entry.AccountId).Distinct()], cancellationToken);
        foreach (var stray in batch.Entries.Where(e => !heads.ContainsKey(e.Entry.AccountId)).ToList())
        {
            batch.SetAside(stray, $"account {stray.Entry.AccountId} is unknown");
        }

        // Step 5
        var drift = new Dictionary<long, long>();
        await WriteAsync(flush, batch, [.. batch.Entries], heads, drift, cancellationToken);
        if (batch.Poison.Count > 0)
        {
            await flush.SetAsideAsync(batch.Poison, cancellationToken);
        }

        // Step 6
        FaultPoint.Hit("flush-before-commit");
        await flush.CommitAsync(outbox.WriteSequence(partition), cancellationToken);
        FaultPoint.Hit("flush-after-commit");
        Report(partition, batch, drift, Stopwatch.GetElapsedTime(started));
        FaultPoint.Hit("flush-before-trim");
        await outbox.TrimAsync(partition, packed, batch.Credits, cancellationToken);
        FaultPoint.Hit("flush-after-trim");
        return new FlushResult(
            FlushOutcome.Flushed, packed.Count, batch.Entries.Count, batch.Duplicates.Count, batch.Poison.Count, Sum(drift));
    }

    /// <summary>
    /// Usually one statement. Entries that PostgreSQL refuses together are written in halves, in order, until the refused entry is alone: a
    /// few round trips for one bad entry in hundreds, and the good entries keep their order.
    /// </summary>
    private static async Task WriteAsync(
        FlushTransaction flush, EntryBatch batch, List<PackedEntry> entries, Dictionary<long, ChainHead> heads,
        Dictionary<long, long> drift, CancellationToken cancellationToken)
    {
        var chain = EntryChain.Number(entries, heads);
        foreach (var overflowing in chain.Overflowing)
        {
            batch.SetAside(overflowing, "the balance after it is larger than the ledger can hold");
        }

        if (chain.Entries.Count == 0)
        {
            return;
        }

        if (await flush.TryWriteAsync(chain, cancellationToken) is not { } reason)
        {
            foreach (var (account, head) in chain.Heads)
            {
                heads[account] = head;
                drift[account] = chain.Drift[account];
            }

            return;
        }

        var written = entries.Except(chain.Overflowing).ToList();
        if (written.Count == 1)
        {
            batch.SetAside(written[0], reason);
            return;
        }

        await WriteAsync(flush, batch, written[..(written.Count / 2)], heads, drift, cancellationToken);
        await WriteAsync(flush, batch, written[(written.Count / 2)..], heads, drift, cancellationToken);
    }

    private void Report(int partition, EntryBatch batch, Dictionary<long, long> drift, TimeSpan took)
    {
        metrics.Flushed(batch.Entries.Count, batch.Poison.Count, took);
        foreach (var poison in batch.Poison)
        {
            log.LogError(
                "Partition {Partition}: an outbox entry can't be written and was set aside in poison_entries: {Reason}",
                partition, poison.Reason);
        }

        foreach (var (account, credits) in drift)
        {
            if (metrics.NoteDrift(account, credits))
            {
                log.LogError(
                    "Partition {Partition}: Redis saw {Credits} credits more than the ledger has for account {Account}",
                    partition, credits, account);
            }
        }
    }

    private static long Sum(Dictionary<long, long> drift)
    {
        Int128 sum = 0;
        foreach (var credits in drift.Values)
        {
            sum += Math.Abs(credits);
        }

        return (long)Int128.Min(sum, long.MaxValue);
    }
}
