using Dapper;
using Npgsql;

namespace MeteringGateway.Ledger.Background;

/// <summary>A setting that the first gateway writes and every later one reads. Any number of gateways may start at once.</summary>
internal static class KeptSetting
{
    private static readonly string Keep = SqlFile.Read("Background/keep-setting.sql");

    /// <summary>Returns the value in the database: the earlier one, else <paramref name="made"/>.</summary>
    public static async Task<string> KeepAsync(NpgsqlDataSource database, string name, string made, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<string>(
            new CommandDefinition(Keep, new { name, value = made }, cancellationToken: cancellationToken));
    }
}
