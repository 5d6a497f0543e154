using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeteringGateway.Hosting;

/// <summary>Registers surfaces, providers (as YARP clusters) and their reload.</summary>
internal static class SurfacesRegistration
{
    /// <exception cref="ConfigurationException">With all that is wrong with surfaces and providers.</exception>
    public static IServiceCollection AddSurfaces(this IServiceCollection services, IConfigurationRoot configuration)
    {
        var errors = new ConfigurationErrors();
        var catalog = SurfaceCatalogReader.Read(configuration, errors);
        errors.ThrowIfAny();

        var accepted = new AcceptedClusters();
        accepted.Fill(configuration);
        var watched = new ConfigurationBuilder().Add(accepted).Build();
        services.AddReverseProxy()
            .LoadFromConfig(watched.GetSection("ReverseProxy"));

        RefuseKeyFiles(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new SurfaceSource(catalog!));
        services.AddSingleton(accepted);
        services.AddSingleton<OwnRoutes>();
        services.AddSingleton<ReloadJournal>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SurfaceReloader>(provider, configuration));
        services.AddHostedService(provider => provider.GetRequiredService<SurfaceReloader>());
        return services;
    }

    /// <summary>
    /// YARP brings data protection for its session affinity, which the chain doesn't use. At start that would make a key and
    /// leave it, unprotected, in the home of the user that runs the gateway: so nothing warms it up, and it lives in memory.
    /// </summary>
    private static void RefuseKeyFiles(IServiceCollection services)
    {
        foreach (var warmUp in services
            .Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "DataProtectionHostedService").ToArray())
            services.Remove(warmUp);
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
    }
}
