using System.Collections.Concurrent;
using System.Globalization;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Epochs;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Empties the outbox into the books, again and again, and on request before a read. Every gateway runs one; the partition's lock
/// in PostgreSQL keeps them apart. Any number of callers at once.
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
    /// <summary>Between attempts while a store is away: short enough that it is not what a customer waits for after the outage.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly OutageLog _outages = new(log);

    /// <summary>Partitions whose outbox waits for a newer gateway: said once each.</summary>
    private readonly ConcurrentDictionary<int, byte> _unread = new();

    /// <summary>
    /// A partition lives under another epoch than the one that this gateway believes, which comes with it.
    /// It is not flushed from here until someone has taught <see cref="PartitionEpochs"/>.
    /// </summary>
    public event Action<int, long>? Fenced;

    /// <summary>Redis and the books differ by so many credits in a partition: it wants recovery.</summary>
    public event Action<int, long>? Drifted;

    /// <summary>
    /// Writes the entries that wait at the time of the call. False if they stay where they are: the partition is fenced,
    /// or they are of another version's format.
    /// </summary>
    public async Task<bool> DrainAsync(int partition, CancellationToken cancellationToken)
    {
        // Each batch comes from the head, and is out of the outbox when it is written, by us or by who was faster. So once as many
        // were read as there were, those that were there are in the books, however many have come since.
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

    /// <summary>The same for every partition.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var (lengths, away) = await LookAsync(cancellationToken);
        var all = true;
        for (var partition = 0; partition < lengths.Length; partition++)
        {
            all &= lengths[partition] is null or 0 || await DrainAsync(partition, cancellationToken);
        }

        return away is null ? all : throw away;
    }

    /// <summary>Flushes until nothing waits any more: for a gateway that stops. False if a fenced partition keeps its entries.</summary>
    public async Task<bool> FlushAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (lengths, _) = await LookAsync(cancellationToken);
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

        // Not the host's token: its time is for the calls, and one client that reads slowly may have used it up.
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
                pause = await SweepAsync(stoppingToken) ? options.Value.FlushInterval : Longer(pause);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way a background service ends.
        }
    }

    /// <summary>One look at all partitions. False if a store was away, so that the next look may wait longer.</summary>
    private async Task<bool> SweepAsync(CancellationToken stoppingToken)
    {
        var (lengths, away) = await LookAsync(stoppingToken);
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
            // One partition's trouble is not the others', but two in a row mean that the books are away, and the rest would only wait
            // for its timeouts.
            if (lengths[partition] > 0 && failedInARow < 2)
            {
                failedInARow = await TryEmptyAsync(partition, stoppingToken) ? 0 : failedInARow + 1;
                failed |= failedInARow > 0;
            }
        }

        if (!failed)
        {
            _outages.Over("the books");
        }

        return failedInARow < 2;
    }

    /// <summary>
    /// How many entries wait in each partition, in one round trip; null for one that can't be asked, with the reason of one of them.
    /// </summary>
    private async Task<(long?[] Lengths, Exception? Away)> LookAsync(CancellationToken cancellationToken)
    {
        Exception? away = null;
        var lengths = await Task.WhenAll(Enumerable.Range(0, outbox.Partitions).Select(async partition =>
        {
            try
            {
                return await outbox.LengthAsync(partition, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                away = e;
                return (long?)null;
            }
        }));
        return (lengths, away);
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
            // This partition's Redis alone; the others' turn comes all the same. By a name of its own, or each sweep would say that it
            // is back and gone.
            _outages.Note(OutboxOf(partition), e);
            return true;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            _outages.Note("the books", e);
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

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
}
