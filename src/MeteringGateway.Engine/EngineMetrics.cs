using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MeteringGateway.Engine;

/// <summary>
/// The engine's instruments: calls to Redis, holds, uncollected credits. Any number of callers at once; recording on a request's way does
/// not allocate.
/// </summary>
internal sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "MeteringGateway.Engine";

    private readonly System.Diagnostics.Metrics.Meter _meter;
    private readonly Histogram<double> _store;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _uncollected;
    private readonly Counter<long> _scriptErrors;
    private readonly Counter<long> _storeErrors;
    private readonly ConcurrentDictionary<int, (long Count, long Credits)> _holds = new();
    private readonly ConcurrentDictionary<int, long> _overdue = new();
    private readonly ConcurrentDictionary<int, HoldAges> _ages = new();
    private readonly ConcurrentDictionary<int, double> _clockOffsets = new();

    public EngineMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _store = _meter.CreateHistogram<double>("metering_store_duration_seconds");
        _expired = _meter.CreateCounter<long>("metering_holds_expired_total");
        _uncollected = _meter.CreateCounter<long>("metering_uncollected_credits_total");
        _scriptErrors = _meter.CreateCounter<long>("metering_script_errors_total");
        _storeErrors = _meter.CreateCounter<long>("metering_store_errors_total");
        _meter.CreateObservableGauge("metering_partitions_unserved", () => Unserved());
        _meter.CreateObservableGauge("metering_holds_overdue", () => OverdueHolds);
        _meter.CreateObservableGauge(
            "metering_clock_offset_seconds", () => _clockOffsets.IsEmpty ? 0 : _clockOffsets.Values.MaxBy(Math.Abs));
        _meter.CreateObservableGauge("metering_holds", () => HoldCount);
        _meter.CreateObservableGauge("metering_held_credits", () => HeldCredits);
    }

    /// <summary>Holds as the last look at each partition has found them.</summary>
    public long HoldCount => _holds.Values.Sum(held => held.Count);
    public long HeldCredits => _holds.Values.Sum(held => held.Credits);
    public long OverdueHolds => _overdue.Values.Sum();

    /// <summary>Counts the partitions that are not served at the moment; set by what knows them.</summary>
    public Func<int> Unserved { get; set; } = () => 0;

    /// <param name="operation"><c>reserve</c>, <c>commit</c> or <c>release</c>.</param>
    /// <param name="duration">From the call to its answer.</param>
    public void StoreCall(string operation, TimeSpan duration) =>
        _store.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));

    public void HoldsExpired(long holds) => _expired.Add(holds);

    public void Uncollected(long credits) => _uncollected.Add(credits);

    public void ScriptFailed() => _scriptErrors.Add(1);

    /// <summary>A call to Redis has failed.</summary>
    public void RedisFailed() => _storeErrors.Add(1, new KeyValuePair<string, object?>("store", "redis"));

    /// <summary>Sets how many holds of a partition a look has left behind that should have been given back before.</summary>
    public void HoldsOverdue(int partition, long holds) => _overdue[partition] = holds;

    /// <param name="partition">The partition whose Redis told its clock.</param>
    /// <param name="offset">The gateway's clock less that one.</param>
    public void ClockOffset(int partition, TimeSpan offset) => _clockOffsets[partition] = offset.TotalSeconds;

    /// <summary>Sets a partition's gauges to what the last look found.</summary>
    public void Holds(int partition, long count, long credits) => _holds[partition] = (count, credits);

    /// <summary>Sets how old the holds of a partition are.</summary>
    public void HoldsAreOld(int partition, HoldAges ages) => _ages[partition] = ages;

    /// <summary>All holds by age, youngest first.</summary>
    public IReadOnlyList<HoldsOfAge> HoldsByAge() => HoldAges.Sum(_ages.Values);

    public void Dispose() => _meter.Dispose();
}
