namespace MeteringGateway.Catalog;

internal static class CatalogRegistration
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) => services
        .AddSingleton<CatalogStore>()
        .AddSingleton<CatalogEditor>();
}
