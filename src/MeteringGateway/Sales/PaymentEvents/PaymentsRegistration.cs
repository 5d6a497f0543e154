using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Creem;
using MeteringGateway.Sales.Payments.Customers;
using MeteringGateway.Sales.Payments.Sandbox;
using MeteringGateway.Sales.Payments.Stripe;

namespace MeteringGateway.Sales.PaymentEvents;

internal static class PaymentsRegistration
{
    /// <summary>A line a provider. In this order clients hear of their channels, and the first that takes money is the default.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddStripe()
        .AddCreem()
        .AddSandbox()
        .AddSingleton<Installation>()
        .AddSingleton<PaymentCustomers>()
        .AddSingleton<PaymentMethods>()
        .AddSingleton<PaymentChannels>()
        .AddSingleton<PaymentWarnings>()
        .AddSingleton<PaymentEventStore>()
        .AddSingleton<PaymentEventLog>()
        .AddSingleton<EventCounts>()
        .AddSingleton<EventFacts>()
        .AddSingleton<IPaymentEventTaker, OrderEvents>()
        .AddSingleton<IPaymentEventTaker, MethodEvents>()
        .AddSingleton<WebhookFlow>()
        .AddPeriodicWork<PaymentCatchUp>(
            "Catching up with payment providers", PaymentCatchUp.Pause, (work, cancellationToken) => work.RunAsync(cancellationToken));

    /// <summary>What is open to everyone: webhooks by their signature, the sandbox by the payment's id.</summary>
    public static IEndpointRouteBuilder MapPayments(this IEndpointRouteBuilder routes) => routes.MapPaymentWebhooks().MapSandboxPayments();
}
