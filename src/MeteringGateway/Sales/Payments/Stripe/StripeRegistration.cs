namespace MeteringGateway.Sales.Payments.Stripe;

internal static class StripeRegistration
{
    public static IServiceCollection AddStripe(this IServiceCollection services) => services
        .AddSingleton<StripeWebhook>()
        .AddSingleton<IPaymentWebhook>(provider => provider.GetRequiredService<StripeWebhook>())
        .AddSingleton<StripeApi>()
        .AddSingleton<StripeCustomers>()
        .AddSingleton<StripePages>()
        .AddSingleton<StripePaymentProvider>()
        .AddSingleton<IPaymentProvider>(provider => provider.GetRequiredService<StripePaymentProvider>())
        .AddSingleton<IPaymentHistory, StripeHistory>();
}
