using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Keys;

/// <summary>A key that was changed with others in PostgreSQL and has to reach Redis.</summary>
internal sealed record ChangedKey
{
    public long Id { get; init; }
    public long AccountId { get; init; }
    public long Version { get; init; }
}

/// <summary>
/// What happens to the keys of a person when the person's place changes: they end, or are lowered. The statements run in the transaction
/// of that change; afterwards <see cref="ApplyAsync"/> makes them hold everywhere.
/// </summary>
internal sealed class MemberKeys(KeyStore keys, TimeProvider time)
{
    private static readonly string End = SqlFile.Read("Accounts/Keys/end-keys.sql");
    private static readonly string Lower = SqlFile.Read("Accounts/Keys/lower-keys.sql");

    /// <summary>Revokes what a member has made in a team.</summary>
    public Task<IReadOnlyList<ChangedKey>> EndInTeamAsync(
        NpgsqlTransaction transaction, long teamId, long memberId, Caller caller, CancellationToken cancellationToken) =>
        RunAsync(
            transaction, End, new { madeBy = memberId, accountId = teamId, own = (long?)null, now = time.GetUtcNow() },
            "key.revoked", caller, cancellationToken);

    /// <summary>Revokes an account's keys and all that its person has made elsewhere.</summary>
    public Task<IReadOnlyList<ChangedKey>> EndAllAsync(
        NpgsqlTransaction transaction, long accountId, Caller caller, CancellationToken cancellationToken) =>
        RunAsync(
            transaction, End, new { madeBy = accountId, accountId = (long?)null, own = accountId, now = time.GetUtcNow() },
            "key.revoked", caller, cancellationToken);

    /// <summary>Lowers what a member has made in a team to what the member may give a key now.</summary>
    public static Task<IReadOnlyList<ChangedKey>> LowerAsync(
        NpgsqlTransaction transaction, long teamId, long memberId, long keyLimit, Caller caller, CancellationToken cancellationToken) =>
        RunAsync(transaction, Lower, new { teamId, memberId, keyLimit }, "key.lowered", caller, cancellationToken);

    /// <summary>False: Redis is away; what is recorded holds as soon as it is back.</summary>
    public async Task<bool> ApplyAsync(IReadOnlyList<ChangedKey> changed, CancellationToken cancellationToken)
    {
        var areApplied = true;
        foreach (var key in changed)
        {
            areApplied &= await keys.ApplyAsync(key.AccountId, key.Id, key.Version, cancellationToken);
        }

        return areApplied;
    }

    private static async Task<IReadOnlyList<ChangedKey>> RunAsync(
        NpgsqlTransaction transaction, string statement, object parameters, string action, Caller caller,
        CancellationToken cancellationToken)
    {
        var changed = (await transaction.Connection!.QueryAsync<ChangedKey>(
            new CommandDefinition(statement, parameters, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var key in changed)
        {
            await AuditTrail.WriteAsync(
                transaction, new AuditEntry(caller.Actor, action, $"key:{key.Id}", null, new { key.AccountId, key.Version }),
                cancellationToken);
        }

        return changed;
    }
}
