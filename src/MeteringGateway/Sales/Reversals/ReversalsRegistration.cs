using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.PaymentEvents;

namespace MeteringGateway.Sales.Reversals;

internal static class ReversalsRegistration
{
    /// <summary>After AddPayments, with an <see cref="Engine.Movements.ICreditMovements"/>.</summary>
    public static IServiceCollection AddReversals(this IServiceCollection services) => services
        .AddSingleton<ReversalBook>()
        .AddSingleton<MovementStore>()
        .AddSingleton<IOrderFulfilled, ReversalsOfFulfilled>()
        .AddSingleton<IPaymentEventTaker, ReversalEvents>()
        .AddPeriodicWork<OverdueReversals>(
            "Following refunds and disputes", OverdueReversals.Pause, (work, cancellationToken) => work.BookAsync(cancellationToken))
        .AddPayouts<MovementFlow, MovementRow>("Finishing refunds, disputes and debts");
}
