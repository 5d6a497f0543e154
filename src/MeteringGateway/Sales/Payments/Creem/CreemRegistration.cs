namespace MeteringGateway.Sales.Payments.Creem;

internal static class CreemRegistration
{
    /// <summary>Its events; there is no provider of Creem's yet, so that the sandbox may stand in.</summary>
    public static IServiceCollection AddCreem(this IServiceCollection services) => services.AddSingleton<IPaymentWebhook, CreemWebhook>();
}
