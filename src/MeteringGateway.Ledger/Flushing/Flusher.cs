using System.Collections.Concurrent;
using System.Globalization;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Epochs;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Flushes the outbox to the ledger: at the interval, and on request before a read. Every gateway runs one flusher; the partition's lock in
/// PostgreSQL serializes them. Any number of callers at once.
/// </summary>
internal sealed class Flusher(
    LedgerWriter writer,
    IOutbox outbox,
    PartitionEpochs epochs,
    IOptions<LedgerOptions> options,
    LedgerMetrics metrics,
    TimeProvider time,
    ILogger<Flusher> log) : BackgroundService
{
    private readonly OutageLog _outages = new(log);

    /// <summary>Partitions whose oldest entry only a newer gateway can read: each is logged once.</summary>
    private readonly ConcurrentDictionary<int, byte> _unread = new();

    /// <summary>
    /// A partition was fenced: PostgreSQL has another epoch than <see cref="PartitionEpochs"/>, whose epoch is the second argument.
    /// This gateway does not flush the partition until recovery has learned the new epoch.
    /// </summary>
    public event Action<int, long>? Fenced;

    /// <summary>Redis and the ledger differ by so many credits in a partition, which must be recovered.</summary>
    public event Action<int, long>? Drifted;

    /// <summary>
    /// Flushes the entries that wait at the time of the call. False if they stay in the outbox: the partition is fenced, or the entries are
    /// of another version's format.
    /// </summary>
    public async Task<bool> DrainAsync(int partition, CancellationToken cancellationToken)
    {
        // A batch is read from the head and trimmed after it is written, by this flusher or by a faster one. So once as many entries were
        // read as waited at the call, those are in the ledger, however many were appended since.
        var left = await outbox.LengthAsync(partition, cancellationToken);
        while (left > 0)
        {
            var result = await FlushBatchAsync(partition, cancellationToken);
            if (result.Outcome != FlushOutcome.Flushed)
            {
                return result.Outcome == FlushOutcome.Empty;
            }

            left -= result.Read;
        }

        return true;
    }

    /// <summary>Flushes the entries that wait in every partition at the time of the call.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var (lengths, away) = await OutboxLengths.ReadAsync(outbox, cancellationToken);
        var all = true;
        for (var partition = 0; partition < lengths.Length; partition++)
        {
            all &= lengths[partition] is null or 0 || await DrainAsync(partition, cancellationToken);
        }

        return away is null ? all : throw away;
    }

    /// <summary>Flushes until the outbox is empty, for a stopping gateway. False if a fenced partition keeps its entries.</summary>
    public async Task<bool> FlushAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (lengths, _) = await OutboxLengths.ReadAsync(outbox, cancellationToken);
            metrics.NoteWaiting(lengths);
            if (lengths.All(length => length == 0))
            {
                return true;
            }

            if (!await DrainAsync(cancellationToken))
            {
                return false;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // Not the host's token: its time is for the calls in flight, and one slow client may have used it up.
        using var bound = new CancellationTokenSource(options.Value.DrainTimeout, time);
        try
        {
            await FlushAllAsync(bound.Token);
        }
        catch (Exception e)
        {
            log.LogWarning("Entries may be left in the outbox, for the next gateway to write: {Reason}", e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.Value.FlushInterval;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                pause = FlushSchedule.Pause(options.Value.FlushInterval, pause, await SweepAsync(stoppingToken));
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    /// <summary>One look at all partitions. False if Redis or PostgreSQL was away, so that the next look backs off.</summary>
    private async Task<bool> SweepAsync(CancellationToken stoppingToken)
    {
        var (lengths, away) = await OutboxLengths.ReadAsync(outbox, stoppingToken);
        if (away is null)
        {
            _outages.Over("the outbox");
        }
        else
        {
            _outages.Note("the outbox", away);
        }

        metrics.NoteWaiting(lengths);
        if (Array.TrueForAll(lengths, length => length is null))
        {
            return false;
        }

        var (failed, failedInARow) = (false, 0);
        for (var partition = 0; partition < lengths.Length; partition++)
        {
            // One failed partition does not stop the others. Two in a row mean that PostgreSQL is away, and the rest would only add its
            // timeouts.
            if (lengths[partition] > 0 && failedInARow < 2)
            {
                failedInARow = await TryEmptyAsync(partition, stoppingToken) ? 0 : failedInARow + 1;
                failed |= failedInARow > 0;
            }
        }

        if (!failed)
        {
            _outages.Over("the ledger");
        }

        return failedInARow < 2;
    }

    private async Task<bool> TryEmptyAsync(int partition, CancellationToken stoppingToken)
    {
        try
        {
            // Bounded, so that one partition under steady load does not starve the others.
            var batches = options.Value.MaxBacklog / options.Value.BatchSize + 1;
            FlushResult result;
            do
            {
                result = await FlushBatchAsync(partition, stoppingToken);
            }
            while (result.Outcome == FlushOutcome.Flushed && result.Read >= options.Value.BatchSize && --batches > 0);

            _outages.Over(OutboxOf(partition));
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException && !stoppingToken.IsCancellationRequested)
        {
            // Only this partition's Redis is away; the other partitions are flushed all the same. The outage has a name of its own, or each
            // sweep would log it as over and as new.
            _outages.Note(OutboxOf(partition), e);
            return true;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            _outages.Note("the ledger", e);
            return false;
        }
    }

    private async Task<FlushResult> FlushBatchAsync(int partition, CancellationToken cancellationToken)
    {
        var epoch = epochs.Of(partition);
        var result = await writer.FlushPartitionAsync(partition, epoch, cancellationToken);
        if (result.Outcome == FlushOutcome.OtherFormat)
        {
            if (_unread.TryAdd(partition, 0))
            {
                log.LogError(
                    "Partition {Partition}: the oldest outbox entry is of a format that this gateway does not know; it stays, "
                        + "and all that follow it, for a newer one",
                    partition);
            }

            return result;
        }

        _unread.TryRemove(partition, out _);
        if (result.Outcome == FlushOutcome.FencedEpoch)
        {
            Fenced?.Invoke(partition, epoch);
        }
        else if (result.Read < options.Value.BatchSize)
        {
            metrics.NoteEmptied(partition);
        }

        if (result.DriftCredits != 0)
        {
            Drifted?.Invoke(partition, result.DriftCredits);
        }

        return result;
    }

    private static string OutboxOf(int partition) => string.Create(CultureInfo.InvariantCulture, $"the outbox of partition {partition}");
}
