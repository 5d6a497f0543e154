using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Catalog;

/// <summary>What can be bought. A change shows from the very next read; orders keep what they were made with.</summary>
internal sealed class CatalogStore(NpgsqlDataSource database)
{
    private static readonly string FindOnePackage = SqlFile.Read("Sales/Catalog/find-package.sql");
    private static readonly string AllPackages = SqlFile.Read("Sales/Catalog/list-packages.sql");
    private static readonly string FindOnePlan = SqlFile.Read("Sales/Catalog/find-plan.sql");
    private static readonly string AllPlans = SqlFile.Read("Sales/Catalog/list-plans.sql");

    /// <summary>In the order in which they are shown.</summary>
    public Task<IReadOnlyList<PackageRow>> PackagesAsync(bool includeInactive, CancellationToken cancellationToken) =>
        ListAsync<PackageRow>(AllPackages, includeInactive, cancellationToken);

    public Task<IReadOnlyList<PlanRow>> PlansAsync(bool includeInactive, CancellationToken cancellationToken) =>
        ListAsync<PlanRow>(AllPlans, includeInactive, cancellationToken);

    /// <summary>By number, by slug, or by both when both agree. Inactive ones are found too.</summary>
    public Task<PackageRow?> FindPackageAsync(long? id, string? slug, CancellationToken cancellationToken) =>
        FindAsync<PackageRow>(FindOnePackage, new { id, slug }, cancellationToken);

    public Task<PlanRow?> FindPlanAsync(string id, CancellationToken cancellationToken) =>
        FindAsync<PlanRow>(FindOnePlan, new { id }, cancellationToken);

    private Task<IReadOnlyList<T>> ListAsync<T>(string sql, bool includeInactive, CancellationToken cancellationToken) =>
        database.QueryAsync<T>(sql, new { includeInactive }, cancellationToken);

    private Task<T?> FindAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<T?>(sql, parameters, cancellationToken);
}
