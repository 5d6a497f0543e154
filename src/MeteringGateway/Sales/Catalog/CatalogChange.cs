namespace MeteringGateway.Sales.Catalog;

internal enum CatalogStatus
{
    Done,
    NotFound,

    /// <summary>The new row was not valid; the caller that made it knows why.</summary>
    Refused,
    SlugTaken,
}

internal readonly record struct CatalogChange<T>(CatalogStatus Status, T? Row)
    where T : class;
