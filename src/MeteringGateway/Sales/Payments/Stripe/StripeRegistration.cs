namespace MeteringGateway.Sales.Payments.Stripe;

internal static class StripeRegistration
{
    /// <summary>Its events; there is no provider of Stripe's yet, so that the sandbox may stand in.</summary>
    public static IServiceCollection AddStripe(this IServiceCollection services) => services.AddSingleton<IPaymentWebhook, StripeWebhook>();
}
