using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// Whether a caller is let in still, in the transaction that writes what outlasts its call. Who calls is found out before: in between the
/// first binding of an email may end all that a stranger has opened in its owner's account, and a key, a password or a session that is
/// written after that would be a way back in.
/// </summary>
internal static class StandingCaller
{
    private static readonly string s_lock = SqlFile.Read("Http/Authentication/lock-caller.sql");
    private static readonly string s_find = SqlFile.Read("Http/Authentication/find-proof.sql");

    /// <summary>
    /// The first step of a transaction, for the account's row is locked before all others. From then on no binding comes in between.
    /// Operators, and what the gateway does by itself, end with no binding.
    /// </summary>
    public static async Task<bool> HoldAsync(NpgsqlTransaction transaction, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.PersonId is not { } personId)
        {
            return true;
        }

        var connection = transaction.Connection!;
        await connection.ExecuteAsync(new CommandDefinition(s_lock, new { personId }, transaction, cancellationToken: cancellationToken));
        var parameters = new
        {
            session = caller.Proof?.Session?.ToBytes(),
            personId,
            issuer = caller.Proof?.Identity?.Issuer,
            subject = caller.Proof?.Identity?.Subject,
        };
        return await connection.QuerySingleAsync<bool>(
            new CommandDefinition(s_find, parameters, transaction, cancellationToken: cancellationToken));
    }
}
