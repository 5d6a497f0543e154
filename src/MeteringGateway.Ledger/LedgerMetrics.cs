using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Ledger;

/// <summary>Rows that wait for somebody.</summary>
/// <param name="Poison">Entries that can't be written.</param>
/// <param name="Disputed">Disputed commits that are not settled.</param>
/// <param name="DisputedSince">Since when the oldest of those waits; null without one.</param>
internal sealed record WaitingRowCounts(long Poison, long Disputed, DateTime? DisputedSince);

/// <summary>
/// The ledger's instruments, observable ones, so that each exists from the first scrape. Any number of callers at once.
/// </summary>
internal sealed class LedgerMetrics : IDisposable
{
    public const string MeterName = "MeteringGateway.Ledger";

    /// <summary>The most accounts whose drift is kept one by one; beyond it the fault is not one of single accounts.</summary>
    private const int MostDriftingAccounts = 10_000;

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _flushDuration;
    private readonly ConcurrentDictionary<long, long> _drift = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> _waitingSince = new();
    private long _flushed;
    private long _poisoned;
    private long _driftFound;
    private long _flushFailures;
    private long _lastFlush;
    private WaitingRowCounts _rows = new(0, 0, null);
    private readonly PostgresFailures _failures = new();
    private readonly Lock _finding = new();
    private readonly ConcurrentDictionary<int, long> _waiting = new();

    public LedgerMetrics(IMeterFactory meters, IOptions<LedgerOptions> options, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(MeterName);
        _flushDuration = _meter.CreateHistogram<double>(
            "metering_ledger_flush_duration_seconds", "s", "One flush transaction that wrote entries.");
        _meter.CreateObservableCounter(
            "metering_ledger_entries_flushed_total", () => Volatile.Read(ref _flushed),
            description: "Entries this gateway wrote to the ledger.");
        _meter.CreateObservableCounter(
            "metering_ledger_entries_poisoned_total", () => Volatile.Read(ref _poisoned),
            description: "Outbox entries set aside in poison_entries.");
        _meter.CreateObservableGauge(
            "metering_ledger_drift_credits", () => DriftCredits,
            description: "Credits by which Redis and the ledger differ, over all accounts.");
        _meter.CreateObservableCounter(
            "metering_ledger_drift_found_credits_total",
            () => Volatile.Read(ref _driftFound), description: "Credits of every drift found, healed or not.");
        _meter.CreateObservableGauge(
            "metering_outbox_entries", () => _waiting.Values.Sum(), description: "Entries waiting for the ledger.");
        _meter.CreateObservableGauge(
            "metering_outbox_oldest_seconds", () => OldestWaiting.TotalSeconds,
            description: "How long entries have been waiting for the ledger.");
        _meter.CreateObservableGauge("metering_outbox_fullness_ratio", () => (double)FullestBacklog / options.Value.MaxBacklog);
        _meter.CreateObservableCounter("metering_ledger_flush_failures_total", () => Volatile.Read(ref _flushFailures));
        _meter.CreateObservableGauge("metering_ledger_last_flush_timestamp_seconds", () => Volatile.Read(ref _lastFlush) / 1000.0);
        _meter.CreateObservableCounter(
            "metering_store_errors_total",
            () => new Measurement<long>(_failures.Count, new KeyValuePair<string, object?>("store", "postgres")));
        _meter.CreateObservableGauge("metering_poison_entries", () => _rows.Poison);
        _meter.CreateObservableGauge("metering_unsettled_calls", () => _rows.Disputed);
        _meter.CreateObservableGauge("metering_unsettled_oldest_seconds", () => OldestDisputed.TotalSeconds);
    }

    public long DriftCredits =>
        (long)Int128.Min(_drift.Values.Aggregate((Int128)0, (sum, credits) => sum + Math.Abs(credits)), long.MaxValue);

    /// <summary>Entries in the fullest partition, as of the last look.</summary>
    public long FullestBacklog => _waiting.IsEmpty ? 0 : _waiting.Values.Max();

    public TimeSpan OldestWaiting
    {
        get
        {
            var now = _time.GetUtcNow();
            return _waitingSince.Values.Aggregate(TimeSpan.Zero, (longest, since) => now - since > longest ? now - since : longest);
        }
    }

    /// <summary>When the flusher has last looked at all partitions and nothing failed; null: not yet.</summary>
    public DateTimeOffset? LastLook =>
        Volatile.Read(ref _lastFlush) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public long EntriesFlushed => Volatile.Read(ref _flushed);

    public long FlushFailures => Volatile.Read(ref _flushFailures);

    /// <summary>What waits in a partition's outbox, and for how long, as of the last look.</summary>
    public (long Entries, TimeSpan Oldest) Waiting(int partition) => (
        _waiting.GetValueOrDefault(partition),
        _waitingSince.TryGetValue(partition, out var since) && _time.GetUtcNow() - since is { Ticks: > 0 } age ? age : TimeSpan.Zero);

    private TimeSpan OldestDisputed =>
        Volatile.Read(ref _rows).DisputedSince is { } since && _time.GetUtcNow() - since is { Ticks: > 0 } age ? age : TimeSpan.Zero;

    public void Flushed(int written, int poisoned, TimeSpan took)
    {
        Interlocked.Add(ref _flushed, written);
        Interlocked.Add(ref _poisoned, poisoned);
        _flushDuration.Record(took.TotalSeconds);
    }

    /// <summary>
    /// Keeps an account's drift until it is gone. That may be before the next scrape, so a counter keeps all drift ever found. True if the
    /// drift is new or has changed.
    /// </summary>
    public bool NoteDrift(long accountId, long credits)
    {
        if (credits == 0)
        {
            _drift.TryRemove(accountId, out _);
            return false;
        }

        // The flusher and the reconciler may find the same drift at once; it counts once.
        lock (_finding)
        {
            if (_drift.TryGetValue(accountId, out var before) ? before == credits : _drift.Count >= MostDriftingAccounts)
            {
                return false;
            }

            _drift[accountId] = credits;
            _driftFound = (long)Int128.Min((Int128)_driftFound + Int128.Abs((Int128)credits - before), long.MaxValue);
            return true;
        }
    }

    /// <summary>
    /// Notes the lengths that a look at the outbox found; null (no answer) changes nothing. A partition waits from the first look that
    /// found entries until a look finds none, or until a flush empties it.
    /// </summary>
    public void NoteWaiting(IReadOnlyList<long?> lengths)
    {
        for (var partition = 0; partition < lengths.Count; partition++)
        {
            if (lengths[partition] is not { } length)
            {
                continue;
            }

            _waiting[partition] = length;
            if (length == 0)
            {
                _waitingSince.TryRemove(partition, out _);
            }
            else
            {
                _waitingSince.TryAdd(partition, _time.GetUtcNow());
            }
        }
    }

    /// <summary>A flush transaction has failed.</summary>
    public void FlushFailed() => Interlocked.Increment(ref _flushFailures);

    /// <summary>The flusher has looked at all partitions, and nothing has failed.</summary>
    public void NoteLook() => Volatile.Write(ref _lastFlush, _time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Notes the rows that wait for somebody.</summary>
    public void NoteRows(WaitingRowCounts rows) => Volatile.Write(ref _rows, rows);

    public void NoteEmptied(int partition) => _waitingSince.TryRemove(partition, out _);

    public void Dispose()
    {
        _failures.Dispose();
        _meter.Dispose();
    }
}
