namespace MeteringGateway.Sales.Payments.Sandbox;

internal static class SandboxRegistration
{
    public static IServiceCollection AddSandbox(this IServiceCollection services) => services
        .AddSingleton<SandboxPaymentProvider>()
        .AddSingleton<IPaymentProvider>(provider => provider.GetRequiredService<SandboxPaymentProvider>());
}
