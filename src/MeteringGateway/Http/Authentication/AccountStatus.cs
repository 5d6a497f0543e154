using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>Whether an account may do anything, as its row says at this moment. Any number of callers at once.</summary>
internal sealed class AccountStatus(NpgsqlDataSource database)
{
    public const string Active = "active";
    public const string Suspended = "suspended";

    private static readonly string Get = SqlFile.Read("Http/Authentication/get-account-status.sql");

    /// <summary>Null: there is no such account.</summary>
    public async Task<string?> OfAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string?>(
            new CommandDefinition(Get, new { id = accountId }, cancellationToken: cancellationToken));
    }
}
