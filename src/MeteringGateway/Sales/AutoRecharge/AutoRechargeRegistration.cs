using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Sales.AutoRecharge;

internal static class AutoRechargeRegistration
{
    /// <summary>After AddOrders.</summary>
    public static IServiceCollection AddAutoRecharge(this IServiceCollection services) => services
        .AddSingleton<AutoRechargeStore>()
        .AddSingleton<RechargeClaims>()
        .AddPeriodicWork<AutoRechargeWatcher>(
            "Recharging accounts", AutoRechargeWatcher.Pause, (watcher, cancellationToken) => watcher.WatchAsync(cancellationToken));
}
