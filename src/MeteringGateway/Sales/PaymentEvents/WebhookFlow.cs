using System.Text;
using System.Text.Json;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Sales.PaymentEvents;

internal enum WebhookStatus
{
    /// <summary>Taken, now or before; the provider need not send it again.</summary>
    Received,

    /// <summary>No secret is configured, so nobody could be told from anybody.</summary>
    Disabled,
    BadSignature,
    NotAnEvent,

    /// <summary>The provider has to be asked for what it is about, and can't be now: it is to be sent again.</summary>
    Unavailable,
}

/// <summary>
/// Takes what providers say: signature, then what has to be asked for, then event and order in one transaction, then the credits. Any
/// number of deliveries at once.
/// </summary>
internal sealed class WebhookFlow(
    PaymentEventStore events, IEnumerable<IPaymentEventTaker> takers, EventFacts facts, EventCounts counts, TimeProvider time,
    ILogger<WebhookFlow> logger)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public Task<WebhookStatus> ReceiveAsync(
        IPaymentWebhook webhook, IHeaderDictionary headers, byte[] body, CancellationToken cancellationToken) =>
        !webhook.IsConfigured ? Task.FromResult(WebhookStatus.Disabled)
        : !webhook.Verify(headers, body, time.GetUtcNow()) ? Task.FromResult(WebhookStatus.BadSignature)
        : Parse(webhook, body) is { } said ? TakeDeliveryAsync(webhook, said, body, cancellationToken)
        : Task.FromResult(WebhookStatus.NotAnEvent);

    /// <summary>What a provider is known to have said, on whichever way it came.</summary>
    /// <returns>Null: the provider has to be asked for what it is about, and can't be now. Nothing was taken.</returns>
    public async Task<EventOutcome?> TakeAsync(
        IPaymentWebhook webhook, PaymentEvent said, string? body, CancellationToken cancellationToken)
    {
        try
        {
            said = await facts.CompleteAsync(webhook, said, cancellationToken);
        }
        catch (PaymentUnavailableException e)
        {
            logger.LogWarning("Event {Event} of {Channel} has to wait: {Reason}", said.Id, webhook.Channel, e.Message);
            return null;
        }

        var result = await events.TakeAsync(webhook, said, Kept(body), cancellationToken);
        if (EventRules.NeedsAPerson(said, result.Outcome))
        {
            var names = LogText.Value(string.Join(" and ", said.References));
            logger.LogError(
                "Event {Event} of {Channel} for {Order} changed nothing: {Outcome}", said.Id, webhook.Channel, names, result.Outcome);
        }

        FaultPoint.Hit("event-after-commit");
        foreach (var taker in takers)
        {
            await taker.FinishAsync(result, CancellationToken.None);
        }

        return result.Outcome;
    }

    private async Task<WebhookStatus> TakeDeliveryAsync(
        IPaymentWebhook webhook, PaymentEvent said, byte[] body, CancellationToken cancellationToken)
    {
        if (await TakeAsync(webhook, said, Encoding.UTF8.GetString(body), cancellationToken) is not { } outcome)
        {
            return WebhookStatus.Unavailable;
        }

        counts.Taken(webhook, said, outcome);
        return WebhookStatus.Received;
    }

    private static PaymentEvent? Parse(IPaymentWebhook webhook, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, s_strict);
            return webhook.Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, found only when the text is asked for.
            return null;
        }
    }

    /// <summary>PostgreSQL stores no U+0000, which JSON can only have escaped; a body that has one as it is was no JSON.</summary>
    private static string? Kept(string? body) => body is not null && body.Contains('\0', StringComparison.Ordinal) ? null : body;
}
