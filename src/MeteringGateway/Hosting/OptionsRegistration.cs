using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Configuration;

namespace MeteringGateway.Hosting;

/// <summary>
/// Registers every options class, bound and checked, before anything else is built. Which those are: <see cref="OptionsSection"/>.
/// </summary>
internal static class OptionsRegistration
{
    /// <exception cref="ConfigurationException">With all that is wrong, surfaces and providers included.</exception>
    public static IServiceCollection AddGatewayOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var errors = new ConfigurationErrors();
        foreach (var (section, options) in SettingsReader.ReadOptions(configuration, errors))
            section.Register(services, options);

        // Surfaces have their own registration, which checks them again. Where something is wrong already, the
        // operator should see their errors in the same list.
        if (errors.Any)
            SurfaceCatalogReader.Read(configuration, errors);
        errors.ThrowIfAny();
        return services;
    }
}
