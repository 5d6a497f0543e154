using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MeteringGateway.Telemetry;

/// <summary>What waits for somebody where money comes in, as of one look; all gateways see the same.</summary>
/// <param name="Unfulfilled">Orders that are paid and whose credits are not there.</param>
/// <param name="UnfulfilledSince">Since when the oldest of those is paid; null without one.</param>
/// <param name="EventsOpen">Events that need a person and that nobody has resolved.</param>
/// <param name="DebtCredits">Credits that accounts owe.</param>
/// <param name="RechargesStopped">Accounts whose auto-recharge refusals have turned off.</param>
/// <param name="Reversals">Movements of refunds, disputes and debts that are not finished.</param>
/// <param name="ReversalsSince">Since when the oldest of those is open; null without one.</param>
internal sealed record PaymentCounts(
    long Unfulfilled, DateTimeOffset? UnfulfilledSince, long EventsOpen, long DebtCredits, long RechargesStopped, long Reversals,
    DateTimeOffset? ReversalsSince);

/// <summary>The same of one payment provider.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="LastEventAt">When its last event was received; null: none yet.</param>
/// <param name="Pending">Orders that have waited for their payment for more than an hour.</param>
/// <param name="Untold">Orders that are paid, with the provider's events silent since.</param>
internal sealed record ChannelCounts(string Channel, DateTimeOffset? LastEventAt, long Pending, long Untold);

/// <summary>The instruments of money that comes in. Any number of callers at once.</summary>
internal sealed class PaymentMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _events;
    private readonly Counter<long> _versions;
    private readonly Counter<long> _requests;
    private readonly ConcurrentDictionary<string, ChannelCounts> _channels = new(StringComparer.Ordinal);
    private PaymentCounts _counts = new(0, null, 0, 0, 0, 0, null);

    public PaymentMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(GatewayMetrics.MeterName + ".Payments");
        _events = _meter.CreateCounter<long>("metering_payment_events_total");
        _versions = _meter.CreateCounter<long>("metering_payment_event_versions_total");
        _requests = _meter.CreateCounter<long>("metering_payment_provider_requests_total");
        _meter.CreateObservableGauge("metering_payments_unfulfilled", () => Counts.Unfulfilled);
        _meter.CreateObservableGauge("metering_payments_unfulfilled_oldest_seconds", () => Age(Counts.UnfulfilledSince));
        _meter.CreateObservableGauge("metering_payment_events_open", () => Counts.EventsOpen);
        _meter.CreateObservableGauge("metering_debt_open_credits", () => Counts.DebtCredits);
        _meter.CreateObservableGauge("metering_auto_recharges_stopped", () => Counts.RechargesStopped);
        _meter.CreateObservableGauge("metering_reversals_unfinished", () => Counts.Reversals);
        _meter.CreateObservableGauge("metering_reversals_unfinished_oldest_seconds", () => Age(Counts.ReversalsSince));
        _meter.CreateObservableGauge("metering_payments_pending", () => OfChannels(channel => channel.Pending));
        _meter.CreateObservableGauge("metering_payments_untold", () => OfChannels(channel => channel.Untold));
        _meter.CreateObservableGauge(
            "metering_payment_last_event_timestamp_seconds",
            () => OfChannels(channel => channel.LastEventAt?.ToUnixTimeSeconds() ?? 0));
    }

    private PaymentCounts Counts => Volatile.Read(ref _counts);

    /// <param name="channel">The provider's.</param>
    /// <param name="outcome">What came of a delivery; a name of the code's own.</param>
    public void EventReceived(string channel, string outcome) =>
        _events.Add(1, new(MetricLabels.Channel, channel), new(MetricLabels.Outcome, outcome));

    /// <summary>An event that says in which version of the provider's interface it is written.</summary>
    public void VersionSeen(string channel, bool fits) =>
        _versions.Add(1, new(MetricLabels.Channel, channel), new(MetricLabels.VersionFits, fits ? "true" : "false"));

    /// <param name="channel">The provider's.</param>
    /// <param name="operation">What was asked: a name of the code's own, never a path with an id in it.</param>
    /// <param name="outcome">One of <see cref="MetricLabels.PaymentOutcomes"/>.</param>
    public void ProviderAsked(string channel, string operation, string outcome) =>
        _requests.Add(1, new(MetricLabels.Channel, channel), new(MetricLabels.Operation, operation), new(MetricLabels.Outcome, outcome));

    public void Note(PaymentCounts counts) => Volatile.Write(ref _counts, counts);

    public void Note(ChannelCounts counts) => _channels[counts.Channel] = counts;

    public void Dispose() => _meter.Dispose();

    private double Age(DateTimeOffset? since) =>
        since is { } at && _time.GetUtcNow() - at is { Ticks: > 0 } age ? age.TotalSeconds : 0;

    private IEnumerable<Measurement<long>> OfChannels(Func<ChannelCounts, long> value) => _channels.Values.Select(channel =>
        new Measurement<long>(value(channel), new KeyValuePair<string, object?>(MetricLabels.Channel, channel.Channel)));
}
