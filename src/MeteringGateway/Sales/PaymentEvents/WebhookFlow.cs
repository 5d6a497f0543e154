using System.Text.Json;
using MeteringGateway.Sales.Orders;
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
}

/// <summary>
/// Takes what providers say: signature, then event and order in one transaction, then the credits. Any number of deliveries at once.
/// </summary>
internal sealed class WebhookFlow(PaymentEventStore events, OrderFlow orders, TimeProvider time, ILogger<WebhookFlow> logger)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public Task<WebhookStatus> ReceiveAsync(
        IPaymentWebhook webhook, IHeaderDictionary headers, byte[] body, CancellationToken cancellationToken) =>
        !webhook.IsConfigured ? Task.FromResult(WebhookStatus.Disabled)
        : !webhook.Verify(headers, body, time.GetUtcNow()) ? Task.FromResult(WebhookStatus.BadSignature)
        : TakeAsync(webhook, body, cancellationToken);

    private async Task<WebhookStatus> TakeAsync(IPaymentWebhook webhook, byte[] body, CancellationToken cancellationToken)
    {
        if (Parse(webhook, body) is not { } said)
        {
            return WebhookStatus.NotAnEvent;
        }

        var (outcome, order) = await events.TakeAsync(webhook.Channel, said, webhook.LiveMode, cancellationToken);
        if (EventRules.NeedsAPerson(said, outcome))
        {
            var orderNames = LogText.Value(string.Join(" and ", said.References));
            logger.LogError(
                "Event {Event} of {Channel} for {Order} changed nothing: {Outcome}",
                said.Id, webhook.Channel, orderNames, outcome);
        }

        if (order is not null)
        {
            // Also after a repeat: the delivery before may have died between the payment and the credits.
            await orders.FulfilAsync(order, CancellationToken.None);
        }

        return WebhookStatus.Received;
    }

    private static PaymentEvent? Parse(IPaymentWebhook webhook, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return webhook.Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, found only when the text is asked for.
            return null;
        }
    }
}
