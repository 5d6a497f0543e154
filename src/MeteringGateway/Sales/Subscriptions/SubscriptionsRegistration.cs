using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Sales.Subscriptions;

internal static class SubscriptionsRegistration
{
    /// <summary>After AddOrders.</summary>
    public static IServiceCollection AddSubscriptions(this IServiceCollection services) => services
        .AddSingleton<IOrderPaid, SubscriptionStart>()
        .AddSingleton<SubscriptionStore>()
        .AddSingleton<SubscriptionMonths>()
        .AddSingleton<CheckoutFlow>()
        .AddPeriodicWork<SubscriptionRenewal>(
            "Renewing subscriptions", SubscriptionRenewal.Pause, (renewal, cancellationToken) => renewal.RenewAsync(cancellationToken));
}
