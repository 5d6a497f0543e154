using Dapper;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Authentication;

/// <summary>Finds the account of a session token. Always asks PostgreSQL: no metered call comes this way, and an ended session ends at once.</summary>
internal sealed class SessionDirectory(NpgsqlDataSource books, TimeProvider time)
{
    private static readonly string FindSession = SqlFile.Read("Authentication/find-session.sql");

    public async Task<long?> FindAccountAsync(string token, CancellationToken cancellationToken)
    {
        if (!SessionSecret.TryParse(token, out var hash))
        {
            return null;
        }

        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(FindSession, new { hash = hash.ToBytes(), now = time.GetUtcNow() }, cancellationToken: cancellationToken));
    }
}
