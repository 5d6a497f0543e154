using static MeteringGateway.Observability.MetricKind;
using static MeteringGateway.Observability.MetricLabels;

namespace MeteringGateway.Observability;

/// <summary>
/// Every metric that the outside may rely on and the series it has before anything happened: a rate needs its first zero,
/// and an alert on a series that is not there stays silent.
/// </summary>
internal static class MetricCatalog
{
    private delegate IEnumerable<string> SeriesOf(MetricLabels labels);

    private sealed record Entry(string Name, MetricKind Kind, string Help, SeriesOf Series);

    private static readonly Entry[] s_entries =
    [
        new("metering_requests_total", Counter, "Metered calls by surface and by how they ended.", RequestSeries),
        new("metering_credits_charged_total", Counter, "Credits charged.", labels => One(Surface, labels.Surfaces)),
        new("metering_request_duration_seconds", Histogram, "The whole request.", labels => One(Surface, labels.Surfaces.Append(NoSurface))),
        new("metering_overhead_duration_seconds", Histogram, "The request without its provider time.", Single),
        new("metering_store_duration_seconds", Histogram, "One operation on the credit store.", _ => One(Operation, Operations)),
        new("metering_held_credits", Gauge, "Credits held by calls in flight.", Single),
        new("metering_holds", Gauge, "Calls in flight that hold credits.", Single),
        new("metering_holds_expired_total", Counter, "Holds given back because their owner was gone.", Single),
        new("metering_outbox_entries", Gauge, "Entries waiting for the books.", Single),
        new("metering_outbox_oldest_seconds", Gauge, "How long entries have been waiting for the books.", Single),
        new("metering_ledger_entries_flushed_total", Counter, "Entries this gateway wrote to the books.", Single),
        new("metering_ledger_flush_duration_seconds", Histogram, "One flush transaction that wrote entries.", Single),
        new("metering_ledger_drift_credits", Gauge, "Credits by which Redis and the books differ, over all accounts.", Single),
        new("metering_ledger_drift_found_credits_total", Counter, "Credits of every drift found between Redis and the books, healed or not.", Single),
        new("metering_uncollected_credits_total", Counter, "Credits of answered calls that could not be charged any more.", Single),
        new("metering_script_errors_total", Counter, "Scripts of the credit store that failed while they ran; each puts its partition in doubt, to be recovered from the books.", Single),
        new("metering_provider_attempts_total", Counter, "Attempts at a provider by how they ended.", AttemptSeries),
        new("metering_provider_duration_seconds", Histogram, "One attempt at a provider.", labels => One(Provider, labels.Providers)),
        new("metering_provider_healthy", Gauge, "1 while the provider has a destination that calls may go to.", labels => One(Provider, labels.Providers)),
        new("metering_config_reloads_total", Counter, "Changes of surfaces and providers, accepted or rejected.", _ => One(Result, ReloadResults)),
    ];

    /// <summary>All of it at zero, in the order that a scrape shows.</summary>
    public static IEnumerable<MetricFamily> Zeros(MetricLabels labels)
    {
        foreach (var entry in s_entries)
        {
            var family = new MetricFamily(entry.Name, entry.Kind, entry.Help);
            foreach (var series in entry.Series(labels))
            {
                family.Series[series] = entry.Kind == Histogram ? DurationBuckets.Empty : new MetricSample(0);
            }

            yield return family;
        }
    }

    private static IEnumerable<string> Single(MetricLabels labels) => [""];

    private static IEnumerable<string> One(string label, IEnumerable<string> values) =>
        values.Select(value => PrometheusText.Labels([new(label, value)]));

    private static IEnumerable<string> RequestSeries(MetricLabels labels) => labels.Surfaces
        .Select(surface => PrometheusText.Labels([new(Surface, surface), new(Outcome, "charged")]))
        .Append(PrometheusText.Labels([new(Surface, NoSurface), new(Outcome, "invalid_key")]));

    private static IEnumerable<string> AttemptSeries(MetricLabels labels) =>
        from provider in labels.Providers
        from outcome in AttemptOutcomes
        select PrometheusText.Labels([new(Provider, provider), new(Outcome, outcome)]);
}
