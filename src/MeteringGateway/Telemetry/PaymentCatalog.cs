using static MeteringGateway.Telemetry.MetricKind;
using static MeteringGateway.Telemetry.MetricLabels;

namespace MeteringGateway.Telemetry;

/// <summary>The part of <see cref="MetricCatalog"/> that is about money that comes in.</summary>
internal static class PaymentCatalog
{
    public static IReadOnlyList<MetricEntry> Entries { get; } =
    [
        new(
            "metering_payment_events_total", Counter, "Deliveries to the webhooks of payment providers by what came of them.",
            [Channel, Outcome], _ => With(EventOutcomes)),
        new(
            "metering_payment_event_versions_total", Counter,
            "Events of payment providers by whether they are written in the version of the provider's interface that the gateway calls.",
            [Channel, VersionFits], _ => [["stripe", "false"], ["stripe", "true"]]),
        new(
            "metering_payment_provider_requests_total", Counter, "Requests to payment providers by what came of them.",
            [Channel, Operation, Outcome],
            _ => RequestSeries),
        new("metering_payments_unfulfilled", Gauge, "Orders that are paid and whose credits have not been given.", [], _ => []),
        new(
            "metering_payments_unfulfilled_oldest_seconds", Gauge, "How long the oldest order that is paid has waited for its credits.",
            [], _ => []),
        new(
            "metering_payments_pending", Gauge,
            "Orders that have waited for their payment for more than an hour, with pages that customers left.", [Channel], _ => OfChannels),
        new(
            "metering_payments_untold", Gauge,
            "Orders of the last week that were paid more than a quarter of an hour ago, with no event of their provider since.",
            [Channel], _ => OfChannels),
        new(
            "metering_payment_last_event_timestamp_seconds", Gauge,
            "When the last event of a payment provider was received, in Unix time; 0 before the first.", [Channel], _ => OfChannels),
        new("metering_payment_events_open", Gauge, "Events that need a person and that nobody has resolved.", [], _ => []),
        new("metering_debt_open_credits", Gauge, "Credits that accounts owe after refunds and disputes.", [], _ => []),
        new("metering_auto_recharges_stopped", Gauge, "Accounts whose auto-recharge was turned off by refusals in a row.", [], _ => []),
        new("metering_reversals_unfinished", Gauge, "Movements of refunds, disputes and debts that are not finished.", [], _ => []),
        new("metering_reversals_unfinished_oldest_seconds", Gauge, "How long the oldest of those movements has been open.", [], _ => []),
    ];

    private static IEnumerable<string[]> RequestSeries =>
        from asked in new[] { ("creem", "checkouts"), ("stripe", "charge"), ("stripe", "checkout") }
        from outcome in PaymentOutcomes
        select new[] { asked.Item1, asked.Item2, outcome };

    private static IEnumerable<string[]> OfChannels => PaymentChannels.Select(channel => new[] { channel });

    private static IEnumerable<string[]> With(string[] values) =>
        from channel in PaymentChannels
        from value in values
        select new[] { channel, value };
}
