using System.Diagnostics.Metrics;
using MeteringGateway.Engine;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Telemetry;

public sealed class GatewayMetricsTests
{
    [Fact]
    public void RequestCompleted_KnownSurface_CountsAndTimes()
    {
        using var gateway = new MetricsFixture();

        gateway.Metrics.RequestCompleted("search", "charged", TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(0.2));
        gateway.Metrics.RequestCompleted("search", "charged", TimeSpan.FromSeconds(31), TimeSpan.FromMilliseconds(0.1));
        gateway.Metrics.RequestCompleted("search", "insufficient_credits", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));

        var samples = gateway.Scrape().Samples;
        Assert.Equal(2, samples["""metering_requests_total{outcome="charged",surface="search"}"""]);
        Assert.Equal(1, samples["""metering_requests_total{outcome="insufficient_credits",surface="search"}"""]);
        Assert.Equal(0, samples["""metering_requests_total{outcome="charged",surface="ads"}"""]);
        Assert.Equal(0, samples["""metering_request_duration_seconds_bucket{surface="search",le="0.0005"}"""]);
        Assert.Equal(1, samples["""metering_request_duration_seconds_bucket{surface="search",le="0.001"}"""]);
        Assert.Equal(2, samples["""metering_request_duration_seconds_bucket{surface="search",le="30"}"""]);
        Assert.Equal(3, samples["""metering_request_duration_seconds_bucket{surface="search",le="+Inf"}"""]);
        Assert.Equal(3, samples["""metering_request_duration_seconds_count{surface="search"}"""]);
        Assert.Equal(31.041, samples["""metering_request_duration_seconds_sum{surface="search"}"""], 6);
        Assert.Equal(1, samples["""metering_overhead_duration_seconds_bucket{le="0.0001"}"""]);
        Assert.Equal(2, samples["""metering_overhead_duration_seconds_bucket{le="0.00025"}"""]);
    }

    [Fact]
    public void RequestCompleted_SurfaceThatIsNotOurs_IsCountedAsNone()
    {
        using var gateway = new MetricsFixture();

        gateway.Metrics.RequestCompleted("what-a-client-sent", "unknown_surface", TimeSpan.Zero, TimeSpan.Zero);
        gateway.Metrics.RequestCompleted("none", "invalid_key", TimeSpan.Zero, TimeSpan.FromMilliseconds(-1));

        var scrape = gateway.ScrapeText();
        Assert.DoesNotContain("what-a-client-sent", scrape, StringComparison.Ordinal);
        var samples = PrometheusParser.Parse(scrape).Samples;
        Assert.Equal(1, samples["""metering_requests_total{outcome="unknown_surface",surface="none"}"""]);
        Assert.Equal(1, samples["""metering_requests_total{outcome="invalid_key",surface="none"}"""]);
        Assert.Equal(0, samples["metering_overhead_duration_seconds_sum"]);
    }

    [Fact]
    public void Everything_Recorded_IsReadBack()
    {
        using var gateway = new MetricsFixture();
        var (metrics, engine) = (gateway.Metrics, gateway.Engine);

        metrics.CreditsCharged("ads", 45);
        metrics.CreditsCharged("ads", 5);
        engine.StoreCall("commit", TimeSpan.FromMilliseconds(3));
        metrics.Attempt("alpha", "timeout", TimeSpan.FromSeconds(5));
        metrics.Attempt("beta", "skipped_unhealthy", TimeSpan.Zero);
        engine.HoldsExpired(4);
        engine.Uncollected(9_000_000_000_000_000);
        metrics.ConfigReload("accepted");
        engine.Holds(0, 2, 30);
        engine.Holds(1, 1, 7);
        engine.Holds(0, 1, 10);
        metrics.ProviderHealthy("beta", false);
        engine.RedisFailed();
        engine.HoldsOverdue(0, 2);
        engine.HoldsOverdue(3, 1);
        engine.ClockOffset(0, TimeSpan.FromSeconds(0.25));
        engine.ClockOffset(1, TimeSpan.FromSeconds(-1.5));
        engine.Unserved = () => 5;

        var samples = gateway.Scrape().Samples;
        Assert.Equal(50, samples["""metering_credits_charged_total{surface="ads"}"""]);
        Assert.Equal(1, samples["""metering_store_duration_seconds_bucket{operation="commit",le="0.005"}"""]);
        Assert.Equal(1, samples["""metering_provider_attempts_total{outcome="timeout",provider="alpha"}"""]);
        Assert.Equal(5, samples["""metering_provider_duration_seconds_sum{provider="alpha"}"""]);
        Assert.Equal(1, samples["""metering_provider_attempts_total{outcome="skipped_unhealthy",provider="beta"}"""]);
        Assert.Equal(0, samples["""metering_provider_duration_seconds_count{provider="beta"}"""]);
        Assert.Equal(4, samples["metering_holds_expired_total"]);
        Assert.Equal(9_000_000_000_000_000, samples["metering_uncollected_credits_total"]);
        Assert.Equal(1, samples["""metering_config_reloads_total{result="accepted"}"""]);
        Assert.Equal(2, samples["metering_holds"]);
        Assert.Equal(17, samples["metering_held_credits"]);
        Assert.Equal(1, samples["""metering_store_errors_total{store="redis"}"""]);
        Assert.Equal(0, samples["""metering_store_errors_total{store="postgres"}"""]);
        Assert.Equal(3, samples["metering_holds_overdue"]);
        Assert.Equal(-1.5, samples["metering_clock_offset_seconds"]);
        Assert.Equal(5, samples["metering_partitions_unserved"]);
        Assert.Equal(1, samples["""metering_build_info{version="1.0.0"}"""]);
        Assert.Equal(0, samples["""metering_provider_healthy{provider="beta"}"""]);
        Assert.Equal(1, samples["""metering_provider_healthy{provider="alpha"}"""]);
    }

    [Fact]
    public void Known_SurfaceAndProviderTakenAway_AreNoLongerShown()
    {
        using var gateway = new MetricsFixture();
        gateway.Metrics.RequestCompleted("search", "charged", TimeSpan.Zero, TimeSpan.Zero);
        gateway.Metrics.Attempt("alpha", "success", TimeSpan.Zero);
        gateway.Metrics.ProviderHealthy("alpha", false);
        gateway.Scrape();

        gateway.Metrics.Known(["ads"], ["beta"]);

        Assert.All(gateway.Scrape().Samples.Keys, series =>
        {
            Assert.DoesNotContain("search", series, StringComparison.Ordinal);
            Assert.DoesNotContain("alpha", series, StringComparison.Ordinal);
        });

        gateway.Metrics.Known(["search"], ["alpha"]);

        var back = gateway.Scrape().Samples;
        Assert.Equal(1, back["""metering_requests_total{outcome="charged",surface="search"}"""]);
        Assert.Equal(1, back["""metering_provider_healthy{provider="alpha"}"""]);
    }

    [Fact]
    public void Scrape_OtherMeterOfTheGateway_FillsItsCatalogueEntry()
    {
        using var gateway = new MetricsFixture();
        var ledger = gateway.Meters.Create("MeteringGateway.Ledger");
        ledger.CreateHistogram<double>("metering_ledger_flush_duration_seconds", "s").Record(0.02);
        ledger.CreateObservableGauge("metering_outbox_oldest_seconds", () => 1.5);
        ledger.CreateObservableCounter("metering_ledger_entries_flushed_total", () => 12L);
        ledger.CreateObservableCounter("metering_ledger_entries_poisoned_total", () => 3L, description: "a \\ and a\nnew line");
        gateway.Meters.Create("Somebody.Else").CreateCounter<long>("other_total").Add(1);

        var scrape = gateway.Scrape();

        Assert.Equal(1, scrape.Samples["""metering_ledger_flush_duration_seconds_bucket{le="0.025"}"""]);
        Assert.Equal(1.5, scrape.Samples["metering_outbox_oldest_seconds"]);
        Assert.Equal(12, scrape.Samples["metering_ledger_entries_flushed_total"]);
        Assert.Equal(3, scrape.Samples["metering_ledger_entries_poisoned_total"]);
        Assert.Equal("counter", scrape.Types["metering_ledger_entries_poisoned_total"]);
        Assert.DoesNotContain("other_total", scrape.Types.Keys);
    }

    [Fact]
    public void Scrape_SecondGatewayInTheProcess_IsNotMixedIn()
    {
        using var first = new MetricsFixture();
        using var second = new MetricsFixture();

        first.Engine.HoldsExpired(5);
        second.Engine.HoldsExpired(1);

        Assert.Equal(5, first.Scrape().Samples["metering_holds_expired_total"]);
        Assert.Equal(1, second.Scrape().Samples["metering_holds_expired_total"]);
    }

    [Fact]
    public void Scrape_TagsThatAreNotShown_AreSummedUpOver()
    {
        using var gateway = new MetricsFixture();
        var kestrel = gateway.Meters.Create("Microsoft.AspNetCore.Server.Kestrel");
        var active = kestrel.CreateUpDownCounter<long>("kestrel.active_connections");
        active.Add(1, new KeyValuePair<string, object?>("server.address", "10.0.0.1"));
        active.Add(2, new KeyValuePair<string, object?>("server.address", "10.0.0.2"));
        active.Add(-1, new KeyValuePair<string, object?>("server.address", "10.0.0.1"));
        kestrel.CreateCounter<long>("kestrel.not_in_the_catalogue").Add(1);
        var states = new[] { "idle", "used", "idle" };
        gateway.Meters.Create("Npgsql").CreateObservableUpDownCounter("db.client.connection.count", () => states.Select((state, pool) =>
            new Measurement<int>(pool + 1, new("db.client.connection.state", state), new("db.client.connection.pool.name", pool))));

        var scrapes = new[] { gateway.Scrape(), gateway.Scrape() };

        Assert.All(scrapes, scrape =>
        {
            Assert.Equal(2, scrape.Samples["kestrel_active_connections"]);
            Assert.Equal(4, scrape.Samples["""db_client_connections{db_client_connection_state="idle"}"""]);
            Assert.Equal(2, scrape.Samples["""db_client_connections{db_client_connection_state="used"}"""]);
            Assert.DoesNotContain(scrape.Types.Keys, name => name.Contains("not_in_the_catalogue", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void HotPath_OnceWarm_DoesNotAllocate()
    {
        using var gateway = new MetricsFixture();
        Call(gateway.Metrics, gateway.Engine);
        Call(gateway.Metrics, gateway.Engine);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Call(gateway.Metrics, gateway.Engine);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Scrape_ManyAtOnce_EachIsWhole()
    {
        using var gateway = new MetricsFixture();
        var scrapes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            Call(gateway.Metrics, gateway.Engine);
            return gateway.Scrape().Types.Count;
        })));

        Assert.All(scrapes, count => Assert.Equal(MetricCatalog.Entries.Count, count));
        Assert.Equal(8, gateway.Scrape().Samples["""metering_requests_total{outcome="charged",surface="search"}"""]);
    }

    private static void Call(GatewayMetrics metrics, EngineMetrics engine)
    {
        engine.StoreCall("reserve", TimeSpan.FromMilliseconds(1));
        metrics.Attempt("alpha", "success", TimeSpan.FromMilliseconds(1));
        engine.StoreCall("commit", TimeSpan.FromMilliseconds(1));
        metrics.CreditsCharged("search", 2);
        metrics.RequestCompleted("search", "charged", TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1));
    }
}
