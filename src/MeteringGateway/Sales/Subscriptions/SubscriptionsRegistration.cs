using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;

namespace MeteringGateway.Sales.Subscriptions;

internal static class SubscriptionsRegistration
{
    /// <summary>After AddOrders.</summary>
    public static IServiceCollection AddSubscriptions(this IServiceCollection services) => services
        .AddSingleton<IOrderPaid, SubscriptionStart>()
        .AddSingleton<SubscriptionStore>()
        .AddSingleton<SubscriptionMonths>()
        .AddSingleton<CheckoutFlow>()
        .AddSingleton<IPaymentEventTaker, SubscriptionEvents>()
        .AddPeriodicWork<SubscriptionEndings>(
            "Ending subscriptions at providers", SubscriptionEndings.Pause,
            (endings, cancellationToken) => endings.TellAsync(null, cancellationToken))
        .AddPeriodicWork<SubscriptionRenewal>(
            "Renewing subscriptions", SubscriptionRenewal.Pause, (renewal, cancellationToken) => renewal.RenewAsync(cancellationToken));
}
