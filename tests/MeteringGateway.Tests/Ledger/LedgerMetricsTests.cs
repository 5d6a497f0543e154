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
        _services = new ServiceCollection().AddMetrics()
            .AddSingleton<TimeProvider>(_clock).AddSingleton<LedgerMetrics>().BuildServiceProvider();
        _metrics = _services.GetRequiredService<LedgerMetrics>();
    }

    [Fact]
    public void Instruments_NothingHappened_AreAllThereAtZero() =>
        Assert.Equal(
            [
                ("metering_ledger_drift_credits", 0.0), ("metering_ledger_drift_found_credits_total", 0),
                ("metering_ledger_entries_flushed_total", 0), ("metering_ledger_entries_poisoned_total", 0),
                ("metering_outbox_entries", 0), ("metering_outbox_oldest_seconds", 0),
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

        Assert.Equal([35.0, 35, 7, 2, 4, 9], Collect().Select(m => m.Value));
        _metrics.NoteEmptied(0);
        _metrics.NoteDrift(1, 0);
        Assert.Equal([5.0, 35, 7, 2, 4, 0], Collect().Select(m => m.Value));
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
