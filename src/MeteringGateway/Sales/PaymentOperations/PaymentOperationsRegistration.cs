using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Sales.PaymentOperations;

internal static class PaymentOperationsRegistration
{
    /// <summary>After AddPayments.</summary>
    public static IServiceCollection AddPaymentOperations(this IServiceCollection services) => services
        .AddPeriodicWork<PaymentLook>(
            "The count of what waits where money comes in", PaymentLook.Pause,
            (look, cancellationToken) => look.LookAsync(cancellationToken));
}
