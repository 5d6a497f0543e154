using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Telemetry;

public sealed class FirstScrapeTests
{
    private const string LastReload = "metering_config_last_reload_successful";

    [Theory]
    [InlineData("metering_requests_total", "counter", """metering_requests_total{outcome="charged",surface="search"}""")]
    [InlineData("metering_credits_charged_total", "counter", """metering_credits_charged_total{surface="ads"}""")]
    [InlineData(
        "metering_request_duration_seconds", "histogram", """metering_request_duration_seconds_bucket{surface="search",le="+Inf"}""")]
    [InlineData("metering_overhead_duration_seconds", "histogram", """metering_overhead_duration_seconds_bucket{le="0.00025"}""")]
    [InlineData("metering_store_duration_seconds", "histogram", """metering_store_duration_seconds_count{operation="release"}""")]
    [InlineData("metering_held_credits", "gauge", "metering_held_credits")]
    [InlineData("metering_holds", "gauge", "metering_holds")]
    [InlineData("metering_holds_expired_total", "counter", "metering_holds_expired_total")]
    [InlineData("metering_outbox_entries", "gauge", "metering_outbox_entries")]
    [InlineData("metering_outbox_oldest_seconds", "gauge", "metering_outbox_oldest_seconds")]
    [InlineData("metering_ledger_entries_flushed_total", "counter", "metering_ledger_entries_flushed_total")]
    [InlineData("metering_ledger_flush_duration_seconds", "histogram", "metering_ledger_flush_duration_seconds_sum")]
    [InlineData("metering_ledger_drift_credits", "gauge", "metering_ledger_drift_credits")]
    [InlineData("metering_ledger_drift_found_credits_total", "counter", "metering_ledger_drift_found_credits_total")]
    [InlineData("metering_uncollected_credits_total", "counter", "metering_uncollected_credits_total")]
    [InlineData("metering_script_errors_total", "counter", "metering_script_errors_total")]
    [InlineData(
        "metering_provider_attempts_total", "counter", """metering_provider_attempts_total{outcome="skipped_unhealthy",provider="beta"}""")]
    [InlineData(
        "metering_provider_duration_seconds", "histogram", """metering_provider_duration_seconds_bucket{provider="alpha",le="30"}""")]
    [InlineData("metering_provider_attempts_cut_total", "counter", """metering_provider_attempts_cut_total{provider="alpha"}""")]
    [InlineData("metering_config_reloads_total", "counter", """metering_config_reloads_total{result="rejected"}""")]
    public void Scrape_NothingHappened_HasTheMetricAtZero(string name, string type, string series)
    {
        using var gateway = new MetricsFixture();

        var scrape = gateway.Scrape();

        Assert.Equal(type, scrape.Types[name]);
        Assert.Equal(0, scrape.Samples[series]);
    }

    [Fact]
    public void Scrape_NothingHappened_ProvidersCountAsHealthy()
    {
        using var gateway = new MetricsFixture();

        Assert.Equal(1, gateway.Scrape().Samples["""metering_provider_healthy{provider="alpha"}"""]);
    }

    [Fact]
    public void Scrape_NothingHappened_TheStartCountsAsAGoodReload()
    {
        using var gateway = new MetricsFixture();

        var before = gateway.Scrape();
        gateway.Metrics.ConfigReload("rejected");
        var after = gateway.Scrape();
        gateway.Metrics.ConfigReload("accepted");

        Assert.Equal("gauge", before.Types[LastReload]);
        Assert.Equal([1, 0, 1], new[] { before, after, gateway.Scrape() }.Select(scrape => scrape.Samples[LastReload]));
    }

    [Fact]
    public void Scrape_NothingHappened_EveryOtherSampleIsZero()
    {
        using var gateway = new MetricsFixture();

        var scrape = gateway.Scrape();

        Assert.Equal(MetricCatalog.Entries.Count, scrape.Types.Count);
        var ours = scrape.Samples.Where(sample => sample.Key.StartsWith("metering_", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ours);
        Assert.All(ours, sample => Assert.Equal(IsWellAtFirst(sample.Key) ? 1 : 0, sample.Value));
    }

    [Fact]
    public void Scrape_NothingHappened_SurfacesCountAsAvailable()
    {
        using var gateway = new MetricsFixture();

        Assert.Equal(1, gateway.Scrape().Samples["""metering_surface_available{surface="search"}"""]);
    }

    [Fact]
    public void Scrape_BeforeTheConfigurationIsKnown_IsWhole()
    {
        using var gateway = new MetricsFixture();
        gateway.Metrics.Known([], []);

        Assert.Equal(MetricCatalog.Entries.Count, gateway.Scrape().Types.Count);
    }

    [Fact]
    public void Catalog_EveryName_CarriesItsUnitAsPrometheusWants()
    {
        foreach (var family in MetricCatalog.Entries)
        {
            Assert.Equal(family.Kind == MetricKind.Counter, family.Name.EndsWith("_total", StringComparison.Ordinal));
            Assert.True(family.Kind != MetricKind.Histogram || family.Name.EndsWith("_seconds", StringComparison.Ordinal), family.Name);
        }
    }

    private static bool IsWellAtFirst(string series) =>
        series.StartsWith("metering_provider_healthy", StringComparison.Ordinal)
        || series.StartsWith("metering_surface_available", StringComparison.Ordinal)
        || series.StartsWith("metering_build_info", StringComparison.Ordinal)
        || series == LastReload;
}
