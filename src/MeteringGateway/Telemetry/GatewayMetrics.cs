using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;

namespace MeteringGateway.Telemetry;

/// <summary>
/// What the gateway counts and times, but for the engine and the ledger, which count for themselves. Any number of callers at once.
/// Nothing on a request's way allocates here: labels are texts that exist already.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "MeteringGateway";
    public const string RequestsName = "metering_requests_total";

    /// <summary>What runs, without the commit that it was built from: a label of all gateways of a release reads the same.</summary>
    public static readonly string BuildVersion = typeof(GatewayMetrics).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _charged;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _overhead;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _attemptDuration;
    private readonly Counter<long> _attemptsCut;
    private readonly Counter<long> _reloads;
    private readonly Counter<long> _refusedCallsDropped;
    private readonly Counter<long> _refusalsUncounted;
    private readonly ConcurrentDictionary<string, bool> _available = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _healthy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _circuits = new(StringComparer.Ordinal);
    // The start counts as a reload that went well: a gateway runs only on a configuration that is right.
    private volatile int _lastReload = 1;
    private volatile MetricLabels _labels = new(FrozenSet<string>.Empty, FrozenSet<string>.Empty);

    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _requests = _meter.CreateCounter<long>(RequestsName);
        _charged = _meter.CreateCounter<long>("metering_credits_charged_total");
        _duration = _meter.CreateHistogram<double>("metering_request_duration_seconds");
        _overhead = _meter.CreateHistogram<double>("metering_overhead_duration_seconds");
        _attempts = _meter.CreateCounter<long>("metering_provider_attempts_total");
        _attemptDuration = _meter.CreateHistogram<double>("metering_provider_duration_seconds");
        _attemptsCut = _meter.CreateCounter<long>("metering_provider_attempts_cut_total");
        _reloads = _meter.CreateCounter<long>("metering_config_reloads_total");
        _refusedCallsDropped = _meter.CreateCounter<long>("metering_refused_calls_dropped_total");
        _refusalsUncounted = _meter.CreateCounter<long>("metering_refusals_uncounted_total");
        _meter.CreateObservableGauge("metering_provider_healthy", () => Gauges(_labels.Providers, _healthy, MetricLabels.Provider));
        _meter.CreateObservableGauge("metering_provider_circuit_state", () => _labels.Providers.Select(provider =>
            new Measurement<int>(
                _circuits.GetValueOrDefault(provider), new KeyValuePair<string, object?>(MetricLabels.Provider, provider))));
        _meter.CreateObservableGauge("metering_certificate_expiry_timestamp_seconds", () => Certificates.EarliestExpiry);
        _meter.CreateObservableGauge("metering_build_info", () =>
            new Measurement<int>(1, new KeyValuePair<string, object?>(MetricLabels.VersionLabel, BuildVersion)));
        _meter.CreateObservableGauge("metering_config_last_reload_successful", () => _lastReload);
        _meter.CreateObservableGauge("metering_surface_available", () => Gauges(_labels.Surfaces, _available, MetricLabels.Surface));
    }

    /// <summary>The certificates that clients were shown.</summary>
    public ServedCertificates Certificates { get; } = new();

    /// <summary>The surfaces and providers that are shown now.</summary>
    public MetricLabels Labels => _labels;

    /// <summary>Says which surfaces and providers there are: at the start and after each reload.</summary>
    public void Known(IEnumerable<string> surfaces, IEnumerable<string> providers)
    {
        var labels = new MetricLabels(surfaces.ToFrozenSet(StringComparer.Ordinal), providers.ToFrozenSet(StringComparer.Ordinal));
        _labels = labels;
        foreach (var gone in _healthy.Keys.Where(provider => !labels.Providers.Contains(provider)))
        {
            _healthy.TryRemove(gone, out _);
            _circuits.TryRemove(gone, out _);
        }

        foreach (var gone in _available.Keys.Where(surface => !labels.Surfaces.Contains(surface)))
        {
            _available.TryRemove(gone, out _);
        }
    }

    /// <param name="surface">A surface's slug; anything else is counted as <see cref="MetricLabels.NoSurface"/>.</param>
    /// <param name="outcome"><c>charged</c>, or the code of the refusal.</param>
    /// <param name="duration">The whole request.</param>
    /// <param name="overhead">The request without its provider time.</param>
    public void RequestCompleted(string surface, string outcome, TimeSpan duration, TimeSpan overhead)
    {
        var shown = Shown(surface);
        _requests.Add(1, new(MetricLabels.Surface, shown), new(MetricLabels.Outcome, outcome));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(MetricLabels.Surface, shown));
        _overhead.Record(Math.Max(0, overhead.TotalSeconds));
    }

    public void CreditsCharged(string surface, long credits) =>
        _charged.Add(credits, new KeyValuePair<string, object?>(MetricLabels.Surface, Shown(surface)));

    /// <param name="provider">The provider's name.</param>
    /// <param name="outcome">One of <see cref="MetricLabels.AttemptOutcomes"/>.</param>
    /// <param name="duration">From the attempt's start to its judgement.</param>
    public void Attempt(string provider, string outcome, TimeSpan duration)
    {
        _attempts.Add(1, new(MetricLabels.Provider, provider), new(MetricLabels.Outcome, outcome));

        // A provider that was passed over took no time; zeros would make its durations look better than they are.
        if (outcome != MetricLabels.SkippedOutcome)
        {
            _attemptDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(MetricLabels.Provider, provider));
        }
    }

    /// <summary>An attempt that the provider has not to answer for: it counts as none of its outcomes.</summary>
    public void AttemptCutShort(string provider) => _attemptsCut.Add(1, new KeyValuePair<string, object?>(MetricLabels.Provider, provider));

    /// <param name="result">One of <see cref="MetricLabels.ReloadResults"/>.</param>
    public void ConfigReload(string result)
    {
        _lastReload = result == MetricLabels.Accepted ? 1 : 0;
        _reloads.Add(1, new KeyValuePair<string, object?>(MetricLabels.Result, result));
    }

    /// <summary>Calls that were not charged and could not be noted: too many waited.</summary>
    public void RefusedCallDropped(int calls) => _refusedCallsDropped.Add(calls);

    /// <summary>Refused calls that the counts of their account have not: of too many kinds at once.</summary>
    public void RefusalsUncounted(long calls) => _refusalsUncounted.Add(calls);

    public void ProviderHealthy(string provider, bool healthy) => _healthy[provider] = healthy;

    /// <param name="provider">The provider's name.</param>
    /// <param name="state">Of its best destination: 0 closed, 1 half-open, 2 open.</param>
    public void ProviderCircuit(string provider, int state) => _circuits[provider] = state;

    public void SurfaceAvailable(string surface, bool available) => _available[surface] = available;

    public void Dispose() => _meter.Dispose();

    private string Shown(string surface) => _labels.Surfaces.Contains(surface) ? surface : MetricLabels.NoSurface;

    /// <summary>What nobody has looked at yet gets calls, so it counts as well.</summary>
    private static IEnumerable<Measurement<int>> Gauges(
        IEnumerable<string> names, ConcurrentDictionary<string, bool> known, string label) =>
        names.Select(name =>
            new Measurement<int>(known.GetValueOrDefault(name, true) ? 1 : 0, new KeyValuePair<string, object?>(label, name)));
}
