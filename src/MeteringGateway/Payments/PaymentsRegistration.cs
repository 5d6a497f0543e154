using MeteringGateway.Payments.Sandbox;
using MeteringGateway.Payments.Webhooks;

namespace MeteringGateway.Payments;

internal static class PaymentsRegistration
{
    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddSingleton<SandboxPaymentProvider>()
        .AddSingleton<IPaymentProvider>(provider => provider.GetRequiredService<SandboxPaymentProvider>())
        .AddSingleton<PaymentChannels>()
        .AddSingleton<PaymentWarnings>()
        .AddSingleton<PaymentEventStore>()
        .AddSingleton<WebhookFlow>();

    /// <summary>What is open to everyone: webhooks by their signature, the sandbox by the payment's id.</summary>
    public static IEndpointRouteBuilder MapPayments(this IEndpointRouteBuilder routes) => routes.MapPaymentWebhooks().MapSandboxPayments();
}
