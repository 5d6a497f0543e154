using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>
/// Asks the provider for what an event alone does not say reliably: how a subscription stands now, for events come in any order, and what
/// was saved as a payment method. Only of what is ours, for others may share the provider's account. Without a provider the event's own
/// words have to do.
/// </summary>
internal sealed class EventFacts(PaymentChannels channels, Installation installation, NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string s_isKnown = SqlFile.Read("Sales/PaymentEvents/is-known-subscription.sql");

    /// <exception cref="PaymentUnavailableException">The provider can't be asked now.</exception>
    public async Task<PaymentEvent> CompleteAsync(IPaymentWebhook webhook, PaymentEvent said, CancellationToken cancellationToken)
    {
        if (!channels.IsReal(webhook.Channel) || EventRules.IsOfOtherMode(said, webhook.LiveMode))
        {
            return said;
        }

        var provider = channels.Find(webhook.Channel);
        if (said is { Kind: PaymentEventKind.SubscriptionChanged, Subscription: { } subscription }
            && provider is ISubscriptionProvider subscriptions
            && await IsOursAsync(webhook.Channel, said, subscription, cancellationToken))
        {
            // Of two that ask, what was asked for later counts.
            var asked = time.GetUtcNow();
            var facts = await subscriptions.FindSubscriptionAsync(subscription.ProviderId, cancellationToken)
                ?? throw new PaymentUnavailableException("The provider can't be asked for the subscription now.");
            return said with { Subscription = subscription with { Facts = facts }, OccurredAt = asked };
        }

        if (said is { Kind: PaymentEventKind.MethodSaved, MethodOf: { } savedBy } && provider is IMethodProvider methods)
        {
            return said with { Method = await methods.FindMethodAsync(savedBy, cancellationToken) };
        }

        return said;
    }

    private async Task<bool> IsOursAsync(
        string channel, PaymentEvent said, SubscriptionSaid subscription, CancellationToken cancellationToken)
    {
        var name = await installation.NameAsync(cancellationToken);
        return said.References.Concat(subscription.References).Any(reference => Installation.Own(name, reference) is not null)
            || await database.QuerySingleAsync<bool>(
                s_isKnown, new { channel, providerId = subscription.ProviderId }, cancellationToken);
    }
}
