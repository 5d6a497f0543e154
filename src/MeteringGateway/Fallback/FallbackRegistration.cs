namespace MeteringGateway.Fallback;

internal static class FallbackRegistration
{
    public static IServiceCollection AddFallback(this IServiceCollection services) => services
        .AddSingleton<DestinationPicker>()
        .AddSingleton<PassiveHealth>()
        .AddSingleton<ProviderChain>()
        .AddSingleton<ProviderHealth>()
        .AddHostedService(provider => provider.GetRequiredService<ProviderHealth>());
}
