using MeteringGateway.Configuration;

namespace MeteringGateway.Sales.Catalog;

internal static class CatalogRegistration
{
    /// <exception cref="ConfigurationException">With all that is wrong with the seed file.</exception>
    public static IServiceCollection AddCatalog(this IServiceCollection services, IConfigurationRoot configuration)
    {
        var errors = new ConfigurationErrors();
        var seed = CatalogSeed.Load(configuration, errors);
        errors.ThrowIfAny();
        return services.AddSingleton(seed).AddSingleton<CatalogNotice>().AddCatalog();
    }

    public static IServiceCollection AddCatalog(this IServiceCollection services) => services
        .AddSingleton<CatalogStore>()
        .AddSingleton<CatalogEditor>()
        .AddSingleton<SaleWarnings>();
}
