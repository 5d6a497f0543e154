using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Catalog;

/// <summary>The statements that keep one kind of thing that is sold, and what the audit trail calls it.</summary>
internal sealed record CatalogTable<T>(string Name, Func<T, object> IdOf, string Insert, string Lock, string Find, string Update)
    where T : class;

/// <summary>
/// Changes the catalog: the row and its audit entry in one transaction. A slug names one row for ever, also an inactive one.
/// </summary>
internal sealed class CatalogEditor(NpgsqlDataSource database)
{
    public static CatalogTable<PackageRow> Packages { get; } = new(
        "package",
        row => row.Id,
        SqlFile.Read("Sales/Catalog/insert-package.sql"),
        SqlFile.Read("Sales/Catalog/lock-package.sql"),
        SqlFile.Read("Sales/Catalog/find-package.sql"),
        SqlFile.Read("Sales/Catalog/update-package.sql"));

    public static CatalogTable<PlanRow> Plans { get; } = new(
        "plan",
        row => row.Id,
        SqlFile.Read("Sales/Catalog/insert-plan.sql"),
        SqlFile.Read("Sales/Catalog/lock-plan.sql"),
        SqlFile.Read("Sales/Catalog/find-plan.sql"),
        SqlFile.Read("Sales/Catalog/update-plan.sql"));

    public async Task<CatalogChange<T>> AddAsync<T>(CatalogTable<T> table, T row, Caller caller, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var made = await connection.QuerySingleOrDefaultAsync<T>(
            new CommandDefinition(table.Insert, row, transaction, cancellationToken: cancellationToken));
        if (made is null)
        {
            return new CatalogChange<T>(CatalogStatus.SlugTaken, null);
        }

        await AuditTrail.WriteAsync(transaction, Entry(table, "created", caller, null, made), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new CatalogChange<T>(CatalogStatus.Done, made);
    }

    /// <param name="table">Packages or plans.</param>
    /// <param name="id">Which one.</param>
    /// <param name="change">Makes the new row of the current one, or null to refuse.</param>
    /// <param name="caller">For the audit trail.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<CatalogChange<T>> ChangeAsync<T>(
        CatalogTable<T> table, object id, Func<T, T?> change, Caller caller, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(table.Lock, new { id }, transaction, cancellationToken: cancellationToken));
        var before = await connection.QuerySingleOrDefaultAsync<T>(
            new CommandDefinition(table.Find, new { id, slug = (string?)null }, transaction, cancellationToken: cancellationToken));
        if (before is null)
        {
            return new CatalogChange<T>(CatalogStatus.NotFound, null);
        }

        if (change(before) is not { } wanted)
        {
            return new CatalogChange<T>(CatalogStatus.Refused, null);
        }

        try
        {
            var after = await connection.QuerySingleAsync<T>(
                new CommandDefinition(table.Update, wanted, transaction, cancellationToken: cancellationToken));
            await AuditTrail.WriteAsync(transaction, Entry(table, "changed", caller, before, after), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new CatalogChange<T>(CatalogStatus.Done, after);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new CatalogChange<T>(CatalogStatus.SlugTaken, null);
        }
    }

    private static AuditEntry Entry<T>(CatalogTable<T> table, string verb, Caller caller, T? before, T after)
        where T : class => new(caller.Actor, $"{table.Name}.{verb}", $"{table.Name}:{table.IdOf(after)}", before, after);
}
