using System.Text.Json;
using MeteringGateway.Orders;
using MeteringGateway.Requests;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Payments.Webhooks;

internal enum WebhookStatus
{
    /// <summary>Taken, now or before; the provider need not send it again.</summary>
    Received,

    /// <summary>No secret is configured, so nobody could be told from anybody.</summary>
    Disabled,
    BadSignature,
    NotAnEvent,
}

/// <summary>Takes what providers say: signature, then event and order in one transaction, then the credits. Any number of deliveries at once.</summary>
internal sealed class WebhookFlow(
    PaymentEventStore events, OrderFlow orders, IOptions<StripeOptions> stripe, IOptions<CreemOptions> creem, TimeProvider time, ILogger<WebhookFlow> logger)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public Task<WebhookStatus> ReceiveStripeAsync(string? signature, byte[] body, CancellationToken cancellationToken) =>
        stripe.Value.WebhookSecret is not { Length: > 0 } secret ? Task.FromResult(WebhookStatus.Disabled)
        : !WebhookSignature.IsStripes(signature, body, secret, time.GetUtcNow()) ? Task.FromResult(WebhookStatus.BadSignature)
        : TakeAsync(PaymentChannels.Stripe, body, StripeEvents.Read, stripe.Value.LiveMode, cancellationToken);

    public Task<WebhookStatus> ReceiveCreemAsync(string? signature, byte[] body, CancellationToken cancellationToken) =>
        creem.Value.WebhookSecret is not { Length: > 0 } secret ? Task.FromResult(WebhookStatus.Disabled)
        : !WebhookSignature.IsCreems(signature, body, secret) ? Task.FromResult(WebhookStatus.BadSignature)
        : TakeAsync(PaymentChannels.Creem, body, CreemEvents.Read, creem.Value.LiveMode, cancellationToken);

    private async Task<WebhookStatus> TakeAsync(string channel, byte[] body, Func<JsonElement, PaymentEvent?> read, bool isLive, CancellationToken cancellationToken)
    {
        if (Parse(body, read) is not { } said)
        {
            return WebhookStatus.NotAnEvent;
        }

        var (outcome, order) = await events.TakeAsync(channel, said, isLive, cancellationToken);
        if (EventRules.NeedsAPerson(said, outcome))
        {
            logger.LogError("Event {Event} of {Channel} for {Order} changed nothing: {Outcome}", said.Id, channel, LogText.Value(string.Join(" and ", said.References)), outcome);
        }

        if (order is not null)
        {
            // Also after a repeat: the delivery before may have died between the payment and the credits.
            await orders.FulfilAsync(order, CancellationToken.None);
        }

        return WebhookStatus.Received;
    }

    private static PaymentEvent? Parse(byte[] body, Func<JsonElement, PaymentEvent?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, found only when the text is asked for.
            return null;
        }
    }
}
