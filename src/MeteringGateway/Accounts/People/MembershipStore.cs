using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Accounts.Keys;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.People;

/// <summary>
/// What becomes of a member: another role, another limit, or out. The team's rows are locked first, so that a transaction that changes them
/// at the same time finds the result; the keys that lose by it are changed in the same transaction and are then taken to Redis.
/// </summary>
internal sealed class MembershipStore(NpgsqlDataSource database, MemberKeys keys)
{
    private static readonly string LockMembers = SqlFile.Read("Accounts/People/lock-members.sql");
    private static readonly string DeleteMember = SqlFile.Read("Accounts/People/delete-member.sql");
    private static readonly string UpdateMember = SqlFile.Read("Accounts/People/update-member.sql");
    private static readonly string WithdrawInvitations = SqlFile.Read("Accounts/People/withdraw-invitations.sql");

    /// <summary>The member's sessions for the team end with it, and, unless they are kept, the keys that the member made.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="accountId">The member that is to leave.</param>
    /// <param name="keepsKeys">An owner's to say.</param>
    /// <param name="actor">The account that must be an owner still; null: the operator, the team itself, or the member that leaves.</param>
    /// <param name="caller">For the audit trail.</param>
    /// <param name="cancellationToken">The request's; what is committed is taken to Redis without it.</param>
    public async Task<(MembershipStatus Status, bool IsApplied)> RemoveAsync(
        long teamId, long accountId, bool keepsKeys, long? actor, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return (MembershipStatus.CallerEnded, true);
        }

        var members = await LockAsync(transaction, teamId, cancellationToken);
        if (Refusal(members, accountId, actor, staysOwner: false) is { } refusal)
        {
            return (refusal, true);
        }

        await ExecuteAsync(transaction, DeleteMember, new { teamId, accountId }, cancellationToken);
        await ExecuteAsync(transaction, WithdrawInvitations, new { teamId, accountId, leaves = true }, cancellationToken);
        var ended = keepsKeys ? [] : await keys.EndInTeamAsync(transaction, teamId, accountId, caller, cancellationToken);
        var before = members.Find(member => member.AccountId == accountId)!;
        await WriteAuditAsync(transaction, caller, "member.removed", teamId, before, new { keepsKeys }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (MembershipStatus.Done, await keys.ApplyAsync(ended, CancellationToken.None));
    }

    /// <summary>A plain member's keys are lowered to what the member may give a key from now on.</summary>
    public async Task<(MembershipStatus Status, bool IsApplied)> ChangeAsync(
        long teamId, long accountId, MemberChange change, long? actor, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return (MembershipStatus.CallerEnded, true);
        }

        var members = await LockAsync(transaction, teamId, cancellationToken);
        var before = members.Find(member => member.AccountId == accountId);
        var after = before is null
            ? null
            : before with { Role = change.Role ?? before.Role, KeyLimit = change.SetsKeyLimit ? change.KeyLimit : before.KeyLimit };
        if (Refusal(members, accountId, actor, staysOwner: after?.Role == TeamRole.Owner) is { } refusal)
        {
            return (refusal, true);
        }

        if (after == before)
        {
            return (MembershipStatus.Done, true);
        }

        await ExecuteAsync(
            transaction, UpdateMember, new { teamId, accountId, role = after!.Role, keyLimit = after.KeyLimit }, cancellationToken);
        if (after.Role != TeamRole.Owner)
        {
            await ExecuteAsync(transaction, WithdrawInvitations, new { teamId, accountId, leaves = false }, cancellationToken);
        }

        var lowered = !TeamRole.HandlesMoney(after.Role) && after.KeyLimit is { } most
            ? await MemberKeys.LowerAsync(transaction, teamId, accountId, most, caller, cancellationToken)
            : [];
        await WriteAuditAsync(transaction, caller, "member.changed", teamId, before!, after, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (MembershipStatus.Done, await keys.ApplyAsync(lowered, CancellationToken.None));
    }

    // The actor's role was read before the lock; of two owners who demote each other at once, the second is none any more.
    private static MembershipStatus? Refusal(List<MemberRow> members, long accountId, long? actor, bool staysOwner)
    {
        if (actor is { } person && members.Find(member => member.AccountId == person)?.Role != TeamRole.Owner)
        {
            return MembershipStatus.RoleRequired;
        }

        if (members.Find(member => member.AccountId == accountId) is not { } subject)
        {
            return MembershipStatus.NotAMember;
        }

        var isLast = subject.Role == TeamRole.Owner && !staysOwner && members.Count(member => member.Role == TeamRole.Owner) == 1;
        return isLast ? MembershipStatus.LastOwner : null;
    }

    private static async Task<List<MemberRow>> LockAsync(NpgsqlTransaction transaction, long teamId, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<MemberRow>(
            new CommandDefinition(LockMembers, new { teamId }, transaction, cancellationToken: cancellationToken))).AsList();

    private static Task<int> ExecuteAsync(
        NpgsqlTransaction transaction, string statement, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(statement, parameters, transaction, cancellationToken: cancellationToken));

    private static Task WriteAuditAsync(
        NpgsqlTransaction transaction, Caller caller, string action, long teamId, object before, object after,
        CancellationToken cancellationToken) =>
        AuditTrail.WriteAsync(
            transaction,
            new AuditEntry(caller.Actor, action, string.Create(CultureInfo.InvariantCulture, $"account:{teamId}"), before, after),
            cancellationToken);

    private sealed record MemberRow
    {
        public long AccountId { get; init; }
        public required string Role { get; init; }
        public long? KeyLimit { get; init; }
    }
}
