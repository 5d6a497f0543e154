using System.Collections.Concurrent;
using MeteringGateway.Ledger.Epochs;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>
/// Flushes the outbox to the ledger: all partitions together at the interval, and one on request before a read. Every gateway runs one
/// flusher; the partitions' locks in PostgreSQL serialize them. Any number of callers at once.
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
    private SharedDrains? _drains;

    /// <summary>When the last look began that left nothing of a partition behind; 0: none has.</summary>
    private readonly long[] _emptied = new long[outbox.Partitions];
    private long _lookBegan;

    /// <summary>Partitions whose oldest entry only a newer gateway can read: each is logged once.</summary>
    private readonly ConcurrentDictionary<int, byte> _unread = new();

    /// <summary>
    /// A partition was fenced: PostgreSQL has another epoch than <see cref="PartitionEpochs"/>, whose epoch is the second argument.
    /// This gateway does not flush the partition until recovery has learned the new epoch.
    /// </summary>
    public event Action<int, long>? Fenced;

    /// <summary>The ledger is an older copy of itself, and the partition must be recovered from it.</summary>
    public event Action<int>? Forgotten;

    /// <summary>Redis and the ledger differ by so many credits in a partition, which must be recovered.</summary>
    public event Action<int, long>? Drifted;

    /// <summary>
    /// Flushes the entries that wait at the time of the call. False if they stay in the outbox: the partition is fenced, or the entries are
    /// of another version's format.
    /// </summary>
    public Task<bool> DrainAsync(int partition, CancellationToken cancellationToken) =>
        LazyInitializer.EnsureInitialized(
                ref _drains, () => new SharedDrains(outbox.Partitions, shared => DrainOneAsync(shared, CancellationToken.None)))
            .DrainAsync(partition, cancellationToken);

    /// <summary>
    /// A timestamp: what the partition's outbox had before it is in the ledger, as the flusher has seen last. Null: it has not yet.
    /// </summary>
    public long? EmptiedSince(int partition) => Volatile.Read(ref _emptied[partition]) is not 0 and var since ? since : null;

    /// <summary>Flushes the entries that wait in every partition at the time of the call.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var (lengths, away) = await OutboxLengths.ReadAsync(outbox, cancellationToken);
        var all = true;
        for (var partition = 0; partition < lengths.Length; partition++)
        {
            all &= lengths[partition] is null or 0 || await DrainOneAsync(partition, cancellationToken);
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
        var looks = new FlushLooks(
            writer, outbox, epochs, options.Value, metrics, _outages, FlushBatchAsync, Note,
            partition => Volatile.Write(ref _emptied[partition], _lookBegan));
        var pause = options.Value.FlushInterval;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var began = _lookBegan = time.GetTimestamp();
                var look = await looks.LookAsync(stoppingToken);
                pause = FlushSchedule.Pause(options.Value.FlushInterval, pause, look, time.GetElapsedTime(began));
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops.
        }

        await looks.EndAsync();
    }

    private async Task<bool> DrainOneAsync(int partition, CancellationToken cancellationToken)
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

    private async Task<FlushResult> FlushBatchAsync(int partition, CancellationToken cancellationToken)
    {
        var epoch = epochs.Of(partition);
        var result = await writer.FlushPartitionAsync(partition, epoch, cancellationToken);
        Note(partition, epoch, result, emptied: result.Read < options.Value.BatchSize);
        return result;
    }

    /// <summary>Tells what a flush of a partition found.</summary>
    private void Note(int partition, long epoch, FlushResult result, bool emptied)
    {
        if (result.Outcome == FlushOutcome.OtherFormat)
        {
            if (_unread.TryAdd(partition, 0))
            {
                log.LogError(
                    "Partition {Partition}: the oldest outbox entry is of a format that this gateway does not know; it stays, "
                        + "and all that follow it, for a newer one",
                    partition);
            }

            return;
        }

        _unread.TryRemove(partition, out _);
        if (result.Outcome == FlushOutcome.FencedEpoch)
        {
            Fenced?.Invoke(partition, epoch);
        }
        else if (result.Outcome == FlushOutcome.ForgottenCommit)
        {
            Forgotten?.Invoke(partition);
        }
        else if (emptied)
        {
            metrics.NoteEmptied(partition);
        }

        if (result.DriftCredits != 0)
        {
            Drifted?.Invoke(partition, result.DriftCredits);
        }
    }
}
