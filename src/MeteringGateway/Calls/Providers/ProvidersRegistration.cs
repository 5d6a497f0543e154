using MeteringGateway.Calls.Providers.Connections;
using MeteringGateway.Calls.Providers.Health;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace MeteringGateway.Calls.Providers;

internal static class ProvidersRegistration
{
    /// <remarks>After the surfaces: what YARP brings for its clients and probes is replaced.</remarks>
    public static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddSingleton<IForwarderHttpClientFactory, ProviderClientFactory>()
        .AddSingleton<IProbingRequestFactory, ProbingRequests>()
        .AddSingleton<DestinationPicker>()
        .AddSingleton<PassiveHealth>()
        .AddSingleton<ProviderChain>()
        .AddSingleton<ProviderHealth>()
        .AddHostedService(provider => provider.GetRequiredService<ProviderHealth>());
}
