namespace MeteringGateway.Sales.Payments.Creem;

internal static class CreemRegistration
{
    /// <summary>Its pages, its events, and its list of what happened.</summary>
    public static IServiceCollection AddCreem(this IServiceCollection services)
    {
        services.AddHttpClient(CreemApi.Client, client =>
            {
                client.Timeout = CreemApi.Patience;
                client.MaxResponseContentBufferSize = CreemApi.MostBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                // A redirect would carry the key to another host.
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .RemoveAllLoggers();
        return services
            .AddSingleton<CreemApi>()
            .AddSingleton<CreemProducts>()
            .AddSingleton<IPaymentProvider, CreemPaymentProvider>()
            .AddSingleton<IPaymentHistory, CreemHistory>()
            .AddSingleton<IPaymentWebhook, CreemWebhook>();
    }
}
