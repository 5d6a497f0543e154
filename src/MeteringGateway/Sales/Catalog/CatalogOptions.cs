namespace MeteringGateway.Sales.Catalog;

/// <summary>Where the packages and plans to start with are: section <c>Catalog</c>.</summary>
internal sealed class CatalogOptions
{
    public const string Section = "Catalog";
    public const string DefaultFile = "catalog.json";

    /// <summary>
    /// A path, from the folder of the configuration file where it is relative. A file that is named must be there;
    /// <c>catalog.json</c>, the default, may be missing, for not every gateway sells.
    /// </summary>
    public string? File { get; set; }
}
