using System.Diagnostics.Metrics;
using MeteringGateway.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace MeteringGateway.Tests.Ledger;

public sealed class LedgerMetricsTests : IDisposable
{
    private readonly StoppedClock _clock = new();
    private readonly ServiceProvider _services;
    private readonly LedgerMetrics _metrics;

    public LedgerMetricsTests()
    {
        _services = new ServiceCollection().AddMetrics().AddOptions()
            .AddSingleton<TimeProvider>(_clock).AddSingleton<LedgerMetrics>().BuildServiceProvider();
        _metrics = _services.GetRequiredService<LedgerMetrics>();
    }

    [Fact]
    public void Instruments_NothingHappened_AreAllThereAtZero() =>
        Assert.Equal(
            [
                ("metering_ledger_drift_credits", 0.0), ("metering_ledger_drift_found_credits_total", 0),
                ("metering_ledger_entries_flushed_total", 0), ("metering_ledger_entries_poisoned_total", 0),
                ("metering_ledger_flush_failures_total", 0), ("metering_ledger_last_flush_timestamp_seconds", 0),
                ("metering_outbox_entries", 0), ("metering_outbox_fullness_ratio", 0), ("metering_outbox_oldest_seconds", 0),
                ("metering_poison_entries", 0), ("metering_store_errors_total", 0),
                ("metering_unsettled_calls", 0), ("metering_unsettled_oldest_seconds", 0),
            ],
            Collect());

    [Fact]
    public void Instruments_AfterFlushesAndDrift_SayWhatHappened()
    {
        _metrics.Flushed(7, 2, TimeSpan.FromMilliseconds(3));
        Assert.True(_metrics.NoteDrift(1, -30));
        Assert.False(_metrics.NoteDrift(1, -30));
        Assert.True(_metrics.NoteDrift(2, 5));
        _metrics.NoteWaiting([3, 0, 4]);
        _clock.Now += TimeSpan.FromSeconds(9);
        _metrics.NoteWaiting([3, 1, 0]);

        Assert.Equal([35.0, 35, 7, 2, 0, 0, 4, 0.00003, 9], Collect().Take(9).Select(m => m.Value));
        _metrics.NoteEmptied(0);
        _metrics.NoteDrift(1, 0);
        Assert.Equal([5.0, 35, 7, 2, 0, 0, 4, 0.00003, 0], Collect().Take(9).Select(m => m.Value));
    }

    [Fact]
    public void Flusher_FailedAndLooked_SaysWhenItLastWentWell()
    {
        _metrics.FlushFailed();
        _clock.Now += TimeSpan.FromSeconds(90.5);
        _metrics.NoteLook();
        _clock.Now += TimeSpan.FromSeconds(5);

        var all = Collect().ToDictionary(m => m.Name, m => m.Value);
        Assert.Equal(1, all["metering_ledger_flush_failures_total"]);
        Assert.Equal(90.5, all["metering_ledger_last_flush_timestamp_seconds"]);
    }

    [Fact]
    public void WaitingRows_AfterALook_AgeUntilTheNextOne()
    {
        _metrics.NoteRows(new WaitingRowCounts(2, 3, DateTime.UnixEpoch));
        _clock.Now += TimeSpan.FromSeconds(40);
        Assert.Equal([2.0, 0, 3, 40], Collect().TakeLast(4).Select(m => m.Value));

        _metrics.NoteRows(new WaitingRowCounts(0, 1, _clock.Now.UtcDateTime.AddSeconds(9)));
        Assert.Equal([0.0, 0, 1, 0], Collect().TakeLast(4).Select(m => m.Value));
    }

    [Fact]
    public void DriftFound_HealedAndFoundAgain_OnlyRises()
    {
        _metrics.NoteDrift(1, -30);
        _metrics.NoteDrift(1, -30);
        _metrics.NoteDrift(1, 0);
        _metrics.NoteDrift(1, 7);
        _metrics.NoteDrift(1, 9);
        _metrics.NoteDrift(1, 0);

        Assert.Equal([0.0, 39], Collect().Take(2).Select(m => m.Value));
    }

    public void Dispose() => _services.Dispose();

    private List<(string Name, double Value)> Collect()
    {
        var seen = new SortedDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>() && instrument.IsObservable)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. seen.Select(m => (m.Key, m.Value))];
    }

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
