using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeteringGateway.Accounts.Payouts;

internal static class PayoutsRegistration
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A table's flow, and the sweeper that finishes what it left. Needs <see cref="Engine.Movements.ICreditMovements"/>.
    /// </summary>
    /// <param name="services">The gateway's.</param>
    /// <param name="name">What the sweeper does, for its log.</param>
    public static IServiceCollection AddPayouts<TFlow, TRow>(this IServiceCollection services, string name)
        where TFlow : class, IUnfinishedRows<TRow>
        where TRow : class, IPayoutRow
    {
        services.TryAddSingleton<Payout>();
        return services
            .AddSingleton<TFlow>()
            .AddSingleton<IUnfinishedRows<TRow>>(provider => provider.GetRequiredService<TFlow>())
            .AddPeriodicWork<PayoutSweeper<TRow>>(name, Pause, (sweeper, cancellationToken) => sweeper.SweepAsync(cancellationToken));
    }
}
