using static MeteringGateway.Telemetry.MetricKind;
using static MeteringGateway.Telemetry.MetricLabels;

namespace MeteringGateway.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One metric as a scrape shows it.</summary>
/// <param name="Name">With its unit, as Prometheus wants it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Help">What it says.</param>
/// <param name="Labels">The tags of its instrument that are shown, dots as underscores, in alphabetical order. It is summed up over all
/// others.</param>
/// <param name="Series">The labels' values that are there before anything happened; none for a metric without labels,
/// which is always there.</param>
internal sealed record MetricEntry(
    string Name, MetricKind Kind, string Help, string[] Labels, Func<MetricLabels, IEnumerable<string[]>> Series)
{
    /// <summary>The upper bounds of a histogram's buckets, in seconds.</summary>
    public double[] Bounds { get; init; } = DurationBuckets.Call;

    /// <summary>The instrument that measures it.</summary>
    public string Instrument { get; init; } = Name;
}

/// <summary>
/// Every metric that the outside may rely on and the series it has before anything happened: a rate needs its first zero,
/// and an alert on a series that is not there stays silent.
/// </summary>
internal static class MetricCatalog
{
    public static IReadOnlyList<MetricEntry> Entries { get; } =
    [
        new("metering_requests_total", Counter, "Metered calls by surface and by how they ended.", [Outcome, Surface], RequestSeries),
        new("metering_credits_charged_total", Counter, "Credits charged.", [Surface], labels => One(labels.Surfaces)),
        new(
            "metering_request_duration_seconds", Histogram, "The whole request.", [Surface],
            labels => One(labels.Surfaces.Append(NoSurface))),
        new("metering_overhead_duration_seconds", Histogram, "The request without its provider time.", [], _ => [])
        {
            Bounds = DurationBuckets.Overhead,
        },
        new("metering_store_duration_seconds", Histogram, "One operation on Redis.", [Operation], _ => One(Operations))
        {
            Bounds = DurationBuckets.Script,
        },
        new(
            "metering_store_errors_total", Counter, "Calls to Redis or PostgreSQL that failed: no answer in time, no connection, an error.",
            [Store], _ => One(Stores)),
        new("metering_held_credits", Gauge, "Credits held by calls in flight.", [], _ => []),
        new("metering_holds", Gauge, "Calls in flight that hold credits.", [], _ => []),
        new(
            "metering_holds_overdue", Gauge, "Holds more than five seconds past their deadline that expiry has not given back.",
            [], _ => []),
        new("metering_holds_expired_total", Counter, "Holds given back because their owner was gone.", [], _ => []),
        new("metering_outbox_entries", Gauge, "Entries waiting for the ledger.", [], _ => []),
        new(
            "metering_outbox_fullness_ratio", Gauge,
            "Entries of the fullest partition as a share of Ledger:MaxBacklog; at 1 its calls are refused.", [], _ => []),
        new("metering_outbox_oldest_seconds", Gauge, "How long entries have been waiting for the ledger.", [], _ => []),
        new("metering_ledger_entries_flushed_total", Counter, "Entries this gateway wrote to the ledger.", [], _ => []),
        new("metering_ledger_flush_duration_seconds", Histogram, "One flush transaction that wrote entries.", [], _ => [])
        {
            Bounds = DurationBuckets.Flush,
        },
        new("metering_ledger_flush_failures_total", Counter, "Flush transactions that failed.", [], _ => []),
        new(
            "metering_ledger_last_flush_timestamp_seconds", Gauge,
            "When this gateway's flusher last finished a look at all partitions without a failure, in Unix time; 0 before the first.",
            [], _ => []),
        new("metering_poison_entries", Gauge, "Rows of poison_entries, which wait for an operator.", [], _ => []),
        new("metering_unsettled_calls", Gauge, "Disputed commits: open rows of unsettled_calls.", [], _ => []),
        new("metering_unsettled_oldest_seconds", Gauge, "How long the oldest disputed commit has been open.", [], _ => []),
        new("metering_ledger_entries_poisoned_total", Counter, "Outbox entries set aside in poison_entries.", [], _ => []),
        new("metering_ledger_drift_credits", Gauge, "Credits by which Redis and the ledger differ, over all accounts.", [], _ => []),
        new(
            "metering_ledger_drift_found_credits_total",
            Counter, "Credits of every drift found between Redis and the ledger, healed or not.", [], _ => []),
        new("metering_uncollected_credits_total", Counter, "Credits of answered calls that could not be charged any more.", [], _ => []),
        new(
            "metering_script_errors_total", Counter,
            "Scripts of Redis that failed while they ran; each puts its partition in doubt, to be recovered from the ledger.",
            [], _ => []),
        new("metering_provider_attempts_total", Counter, "Attempts at a provider by how they ended.", [Outcome, Provider], AttemptSeries),
        new("metering_provider_duration_seconds", Histogram, "One attempt at a provider.", [Provider], labels => One(labels.Providers)),
        new(
            "metering_provider_healthy", Gauge, "1 while the provider has a healthy destination.",
            [Provider], labels => One(labels.Providers)),
        new(
            "metering_provider_circuit_state", Gauge,
            "State of the circuit breaker of the provider's best destination: 0 closed, 1 half-open (the next call tries it), 2 open.",
            [Provider], labels => One(labels.Providers)),
        new(
            "metering_provider_attempts_cut_total", Counter,
            "Attempts that a bound of the gateway's own ended: the call's total time, or the size of an answer.",
            [Provider], labels => One(labels.Providers)),
        new(
            "metering_surface_available", Gauge, "1 while a provider of the surface is healthy, or due to be tried again.",
            [Surface], labels => One(labels.Surfaces)),
        new(
            "metering_refused_calls_dropped_total", Counter,
            "Calls that were not charged and could not be noted for those who ask about them.", [], _ => []),
        new(
            "metering_refusals_uncounted_total", Counter,
            "Refused calls that are not in their account's counts by hour, for calls of too many kinds were refused at once.", [], _ => []),
        new(
            "metering_config_reloads_total", Counter, "Changes of surfaces and providers, accepted or rejected.",
            [Result], _ => One(ReloadResults)),
        new(
            "metering_config_last_reload_successful", Gauge,
            "1 while the configuration that serves is the one in the file; 0 once a change of it was rejected.", [], _ => []),
        new("metering_partitions_unserved", Gauge, "Partitions that this gateway does not serve at the moment.", [], _ => []),
        new(
            "metering_clock_offset_seconds", Gauge,
            "The gateway's clock less the clock of Redis, as of the last look; of many nodes the one that is furthest off.", [], _ => []),
        new(
            "metering_certificate_expiry_timestamp_seconds", Gauge,
            "The earliest expiry of the certificates that this gateway has served, in Unix time; 0 for none.", [], _ => []),
        new("metering_build_info", Gauge, "1, with the version that runs.", [VersionLabel], _ => One([GatewayMetrics.BuildVersion])),
        .. PaymentCatalog.Entries,
        .. FrameworkCatalog.Entries,
    ];

    private static IEnumerable<string[]> One(IEnumerable<string> values) => values.Select(value => new[] { value });

    private static IEnumerable<string[]> RequestSeries(MetricLabels labels) =>
        labels.Surfaces.SelectMany(surface => CallOutcomes.Select(outcome => new[] { outcome, surface }))
            .Concat(FaultOutcomes.Append("invalid_key").Select(outcome => new[] { outcome, NoSurface }));

    private static IEnumerable<string[]> AttemptSeries(MetricLabels labels) =>
        from provider in labels.Providers
        from outcome in AttemptOutcomes
        select new[] { outcome, provider };
}
