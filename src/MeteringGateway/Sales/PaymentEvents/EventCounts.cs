using System.Collections.Frozen;
using System.Text.Json;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>Counts deliveries in the words of the metrics. Any number of callers at once.</summary>
internal sealed class EventCounts(PaymentMetrics metrics)
{
    private static readonly FrozenDictionary<EventOutcome, string> s_outcomes = Enum.GetValues<EventOutcome>()
        .ToFrozenDictionary(outcome => outcome, outcome => Word(outcome.ToString()));

    private static readonly FrozenDictionary<WebhookStatus, string> s_statuses = Enum.GetValues<WebhookStatus>()
        .ToFrozenDictionary(status => status, status => Word(status.ToString()));

    /// <summary>An event that was taken, or that came before.</summary>
    public void Taken(IPaymentWebhook webhook, PaymentEvent said, EventOutcome outcome)
    {
        metrics.EventReceived(webhook.Channel, s_outcomes[outcome]);
        if (webhook.Release is { } release)
        {
            metrics.VersionSeen(webhook.Channel, said.ApiVersion?.EndsWith(release, StringComparison.Ordinal) ?? false);
        }
    }

    /// <summary>A delivery that was none: strangers send these too, and a secret that is wrong makes all of them so.</summary>
    public void Refused(IPaymentWebhook webhook, WebhookStatus status) => metrics.EventReceived(webhook.Channel, s_statuses[status]);

    private static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
