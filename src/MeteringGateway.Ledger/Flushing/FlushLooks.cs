using System.Globalization;
using MeteringGateway.Ledger.Epochs;
using Npgsql;

namespace MeteringGateway.Ledger.Flushing;

/// <summary>Takes what a flush of a partition found, under which epoch, and whether it emptied the outbox.</summary>
internal delegate void NoteFlush(int partition, long epoch, FlushResult result, bool emptied);

/// <summary>
/// The background flusher's looks at all partitions: each flushes what waits in all of them with one transaction. A partition that would
/// hold up the others goes to a lane of its own. One owner.
/// </summary>
internal sealed class FlushLooks
{
    private readonly LedgerWriter _writer;
    private readonly PartitionEpochs _epochs;
    private readonly LedgerOptions _options;
    private readonly LedgerMetrics _metrics;
    private readonly OutageLog _outages;
    private readonly Func<int, CancellationToken, Task<FlushResult>> _flushOne;
    private readonly NoteFlush _note;
    private readonly Action<int> _emptied;
    private readonly OutboxWatch _watch;
    private readonly ApartLane _apart;

    public FlushLooks(
        LedgerWriter writer, IOutbox outbox, PartitionEpochs epochs, LedgerOptions options, LedgerMetrics metrics, OutageLog outages,
        Func<int, CancellationToken, Task<FlushResult>> flushOne, NoteFlush note, Action<int> emptied)
    {
        (_writer, _epochs, _options, _metrics, _outages) = (writer, epochs, options, metrics, outages);
        (_flushOne, _note, _emptied) = (flushOne, note, emptied);
        _watch = new OutboxWatch(outbox);
        _apart = new ApartLane(FlushApartAsync);
    }

    public async Task<FlushLook> LookAsync(CancellationToken stoppingToken)
    {
        var (lengths, away) = await _watch.LookAsync(stoppingToken);
        Say("the outbox", away);
        _metrics.NoteWaiting(lengths);
        if (Array.TrueForAll(lengths, length => length is null))
        {
            return FlushLook.Away;
        }

        _apart.Advance(stoppingToken);
        var shares = BatchShares.Of(
            [.. lengths.Select((length, partition) => _apart.Has(partition) ? null : length)], _options.BatchSize);
        List<PartitionFlush> parts = [.. shares.Select(share => new PartitionFlush(share.Key, _epochs.Of(share.Key), share.Value))];
        var isReached = await TryFlushAsync(parts, stoppingToken);
        NoteEmptied(lengths, parts);
        if (away is null && isReached && _apart.IsEmpty && parts.TrueForAll(part => part.TakesPart || part.Result.Failure is null))
        {
            _metrics.NoteLook();
        }

        return isReached switch
        {
            false => FlushLook.Away,
            true when !parts.Exists(IsLeftHalf) => FlushLook.Done,
            _ => lengths.Max() > _options.MaxBacklog / 2 ? FlushLook.Urgent : FlushLook.Behind,
        };
    }

    /// <summary>Waits for the partitions that are being flushed apart.</summary>
    public Task EndAsync() => _apart.EndAsync();

    /// <summary>What waited in them when the look began is in the ledger.</summary>
    private void NoteEmptied(long?[] lengths, List<PartitionFlush> parts)
    {
        for (var partition = 0; partition < lengths.Length; partition++)
        {
            if (lengths[partition] == 0)
            {
                _emptied(partition);
            }
        }

        foreach (var part in parts.Where(part =>
            part is { TakesPart: false, IsWhole: true, Result: { Outcome: FlushOutcome.Flushed or FlushOutcome.Empty, Failure: null } }))
        {
            _emptied(part.Partition);
        }
    }

    private static bool IsLeftHalf(PartitionFlush part) =>
        !part.TakesPart && part.Result is { Outcome: FlushOutcome.Flushed, Failure: null } && part.Result.Read >= part.Most;

    /// <summary>False: PostgreSQL is away.</summary>
    private async Task<bool> TryFlushAsync(List<PartitionFlush> parts, CancellationToken stoppingToken)
    {
        try
        {
            if (parts.Count > 0)
            {
                await _writer.FlushManyAsync(parts, stoppingToken);
            }
        }
        catch (PostgresException e) when (!IsAway(e) && !stoppingToken.IsCancellationRequested)
        {
            // PostgreSQL is there and refuses something of one partition. Each goes on alone, and the one is then the only one to fail.
            _outages.Note("the ledger", e);
            parts.ForEach(part => _apart.Add(part.Partition));
            _apart.Advance(stoppingToken);
            return true;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            _outages.Note("the ledger", e);
            return false;
        }

        _outages.Over("the ledger");
        foreach (var part in parts)
        {
            Note(part);
        }

        _apart.Advance(stoppingToken);
        return true;
    }

    private void Note(PartitionFlush part)
    {
        var result = part.Result;
        if (result.Outcome is FlushOutcome.Busy or FlushOutcome.Apart)
        {
            if (result.Outcome == FlushOutcome.Apart)
            {
                _apart.Add(part.Partition);
            }

            return;
        }

        Say(OutboxOf(part.Partition), result.Failure);
        if (result.Failure is not null)
        {
            // Its entries may be in the ledger already: read with the others' again and again they would have those written twice.
            _apart.Add(part.Partition);
        }

        if (result.Outcome != FlushOutcome.Silent)
        {
            _note(part.Partition, part.Epoch, result, emptied: result.Read < part.Most);
        }
    }

    /// <summary>False: the partition can't be flushed with the others yet.</summary>
    private async Task<bool> FlushApartAsync(int partition, CancellationToken stoppingToken)
    {
        try
        {
            // The rest of this look first: what holds the partition up may be over with the transaction that has met it.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await _flushOne(partition, stoppingToken);
            _outages.Over(OutboxOf(partition));
            return true;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            _outages.Note(OutboxOf(partition), e);
            return false;
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops, and drains what is left with its last flush.
            return false;
        }
    }

    private void Say(string what, Exception? failure)
    {
        if (failure is null)
        {
            _outages.Over(what);
        }
        else
        {
            _outages.Note(what, failure);
        }
    }

    /// <summary>Class 08, 53, 57, 58: the server is unreachable, overloaded, stopping or broken, whatever the partition.</summary>
    private static bool IsAway(PostgresException e) => e.SqlState.AsSpan(0, 2) is "08" or "53" or "57" or "58";

    /// <summary>The outage of one partition has a name of its own, or each look would log it as over and as new.</summary>
    private static string OutboxOf(int partition) => string.Create(CultureInfo.InvariantCulture, $"the outbox of partition {partition}");
}
