using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>
/// Asks the provider for what an event alone does not say reliably: how a subscription stands now, for events come in any order, and what
/// was saved as a payment method. Without a provider the event's own words have to do.
/// </summary>
internal sealed class EventFacts(PaymentChannels channels)
{
    /// <exception cref="PaymentUnavailableException">The provider can't be asked now.</exception>
    public async Task<PaymentEvent> CompleteAsync(IPaymentWebhook webhook, PaymentEvent said, CancellationToken cancellationToken)
    {
        if (!channels.IsReal(webhook.Channel) || EventRules.IsOfOtherMode(said, webhook.LiveMode))
        {
            return said;
        }

        var provider = channels.Find(webhook.Channel);
        if (said is { Kind: PaymentEventKind.SubscriptionChanged, Subscription: { } subscription }
            && provider is ISubscriptionProvider subscriptions)
        {
            var facts = await subscriptions.FindSubscriptionAsync(subscription.ProviderId, cancellationToken)
                ?? throw new PaymentUnavailableException("The provider can't be asked for the subscription now.");
            return said with { Subscription = subscription with { Facts = facts }, OccurredAt = null };
        }

        if (said is { Kind: PaymentEventKind.MethodSaved, MethodOf: { } savedBy } && provider is IMethodProvider methods)
        {
            return said with { Method = await methods.FindMethodAsync(savedBy, cancellationToken) };
        }

        return said;
    }
}
