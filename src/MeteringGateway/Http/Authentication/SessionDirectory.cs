using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Finds whom a session token is of. Always asks PostgreSQL: no metered call comes this way, and an ended session ends at once.
/// </summary>
internal sealed class SessionDirectory(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string FindSession = SqlFile.Read("Http/Authentication/find-session.sql");

    /// <summary>Null: the token is not one of ours, or its session has ended.</summary>
    public async Task<SessionIdentity?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!SessionSecret.TryParse(token, out var hash))
        {
            return null;
        }

        var found = await database.QuerySingleOrDefaultAsync<SessionIdentity>(
            FindSession, new { hash = hash.ToBytes(), now = time.GetUtcNow() }, cancellationToken);
        return found is null ? null : found with { Hash = hash };
    }
}

/// <summary>
/// Whose wallet a session opens, and the account of the person behind it; the same account unless a member opened it for a team.
/// </summary>
internal sealed record SessionIdentity(long WalletAccountId, long AccountId, bool IsSuspended, string Role)
{
    public SecretHash Hash { get; init; }
}
