using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace MeteringGateway.Fallback;

internal static class FallbackRegistration
{
    /// <remarks>After the surfaces: what YARP brings for its clients and probes is replaced.</remarks>
    public static IServiceCollection AddFallback(this IServiceCollection services) => services
        .AddSingleton<IForwarderHttpClientFactory, ProviderClientFactory>()
        .AddSingleton<IProbingRequestFactory, ProbingRequests>()
        .AddSingleton<DestinationPicker>()
        .AddSingleton<PassiveHealth>()
        .AddSingleton<ProviderChain>()
        .AddSingleton<ProviderHealth>()
        .AddHostedService(provider => provider.GetRequiredService<ProviderHealth>());
}
