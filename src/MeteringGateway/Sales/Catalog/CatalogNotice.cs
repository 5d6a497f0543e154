using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Catalog;

/// <summary>
/// Says at the start that there is nothing to buy, and where it was looked for: with a configuration in another folder that is easily
/// missed.
/// </summary>
internal sealed partial class CatalogNotice(NpgsqlDataSource database, CatalogSeed seed, ILogger<CatalogNotice> logger)
{
    private static readonly string IsAnythingOnSale = SqlFile.Read("Sales/Catalog/is-anything-on-sale.sql");

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsAnythingOnSale, cancellationToken: cancellationToken)))
        {
            NothingOnSale(File.Exists(seed.File) ? "has none" : "does not exist", seed.File);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No package or plan is on sale: {File} {Reason}. "
        + "Catalog:File names another file; operators make them by POST /admin/catalog/packages.")]
    private partial void NothingOnSale(string reason, string file);
}
