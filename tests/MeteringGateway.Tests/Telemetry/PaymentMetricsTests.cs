using MeteringGateway.Telemetry;

namespace MeteringGateway.Tests.Telemetry;

public sealed class PaymentMetricsTests
{
    [Fact]
    public void Scrape_AfterEventsAndRequests_CountsThemByTheirEnd()
    {
        using var gateway = new MetricsFixture();
        gateway.Payments.EventReceived("stripe", "paid");
        gateway.Payments.EventReceived("stripe", "paid");
        gateway.Payments.EventReceived("creem", "second_payment");
        gateway.Payments.VersionSeen("stripe", fits: false);
        gateway.Payments.ProviderAsked("stripe", "charge", "declined");

        var samples = gateway.Scrape().Samples;

        Assert.Equal(2, samples["""metering_payment_events_total{channel="stripe",outcome="paid"}"""]);
        Assert.Equal(1, samples["""metering_payment_events_total{channel="creem",outcome="second_payment"}"""]);
        Assert.Equal(0, samples["""metering_payment_event_versions_total{channel="stripe",version_fits="true"}"""]);
        Assert.Equal(1, samples["""metering_payment_event_versions_total{channel="stripe",version_fits="false"}"""]);
        Assert.Equal(
            1, samples["""metering_payment_provider_requests_total{channel="stripe",operation="charge",outcome="declined"}"""]);
    }

    [Fact]
    public void Scrape_AfterTheNextLook_HasThatLooksNumbers()
    {
        using var gateway = new MetricsFixture();
        gateway.Payments.Note(new PaymentCounts(2, TimeProvider.System.GetUtcNow().AddHours(1), 3, 40, 5, 6, null));
        gateway.Payments.Note(new ChannelCounts("stripe", DateTimeOffset.FromUnixTimeSeconds(1000), 7, 8));
        var first = gateway.Scrape().Samples;
        gateway.Payments.Note(new PaymentCounts(0, null, 0, 0, 0, 0, null));
        gateway.Payments.Note(new ChannelCounts("stripe", DateTimeOffset.FromUnixTimeSeconds(2000), 0, 0));
        var second = gateway.Scrape().Samples;

        Assert.Equal(
            (2, 0, 3, 40, 1000, 8),
            (first["metering_payments_unfulfilled"], first["metering_payments_unfulfilled_oldest_seconds"],
                first["metering_payment_events_open"], first["metering_debt_open_credits"],
                first["""metering_payment_last_event_timestamp_seconds{channel="stripe"}"""],
                first["""metering_payments_untold{channel="stripe"}"""]));
        Assert.Equal(
            (0, 0, 2000, 0),
            (second["metering_payments_unfulfilled"], second["metering_payment_events_open"],
                second["""metering_payment_last_event_timestamp_seconds{channel="stripe"}"""],
                second["""metering_payments_untold{channel="stripe"}"""]));
        Assert.Equal(0, second["""metering_payments_untold{channel="creem"}"""]);
    }
}
