using Dapper;
using Npgsql;

namespace MeteringGateway.Ledger.Background;

/// <summary>A value that the very first gateway makes and every later one finds. Any number of gateways may start at once.</summary>
internal static class KeptSetting
{
    private static readonly string Keep = SqlFile.Read("Background/keep-setting.sql");

    /// <summary>The value that is kept: <paramref name="made"/>, or what was there before.</summary>
    public static async Task<string> KeepAsync(NpgsqlDataSource database, string name, string made, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<string>(
            new CommandDefinition(Keep, new { name, value = made }, cancellationToken: cancellationToken));
    }
}
