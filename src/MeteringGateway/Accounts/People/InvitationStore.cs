using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.People;

internal enum InviteStatus
{
    Done,

    /// <summary>What the caller was let in by has ended since.</summary>
    CallerEnded,

    /// <summary>The team has as many open invitations as it may have.</summary>
    TooMany,
}

/// <summary>Invitations in PostgreSQL: made for an email, answered by the account that has it.</summary>
internal sealed class InvitationStore(NpgsqlDataSource database, TeamStore teams, IOptions<PeopleOptions> options)
{
    private const string Pending = "pending";
    private const string Accepted = "accepted";
    private const string Declined = "declined";
    private static readonly string Invite = SqlFile.Read("Accounts/People/invite.sql");
    private static readonly string List = SqlFile.Read("Accounts/People/list-invitations.sql");
    private static readonly string ListSent = SqlFile.Read("Accounts/People/list-sent-invitations.sql");
    private static readonly string Find = SqlFile.Read("Accounts/People/find-invitation.sql");
    private static readonly string Lock = SqlFile.Read("Accounts/People/lock-invitation.sql");
    private static readonly string LockInviter = SqlFile.Read("Accounts/People/lock-inviter.sql");
    private static readonly string Close = SqlFile.Read("Accounts/People/close-invitation.sql");
    private static readonly string Withdraw = SqlFile.Read("Accounts/People/withdraw-invitation.sql");

    public async Task<InviteStatus> InviteAsync(
        long teamId, NewMember member, long? invitedBy, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return InviteStatus.CallerEnded;
        }

        var (id, hasRoom) = await connection.QuerySingleAsync<(long? Id, bool HasRoom)>(new CommandDefinition(
            Invite,
            new
            {
                teamId,
                email = member.Email,
                emailKey = EmailAddress.KeyOf(member.Email),
                role = member.Role,
                invitedBy,
                lifetime = options.Value.InvitationLifetime,
                mostPending = options.Value.InvitationsPerTeam,
            },
            transaction,
            cancellationToken: cancellationToken));
        await WriteAuditAsync(transaction, caller, "member.invited", teamId, new { Id = id, member.Email, member.Role }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return hasRoom ? InviteStatus.Done : InviteStatus.TooMany;
    }

    public Task<IReadOnlyList<InvitationView>> ListAsync(long accountId, CancellationToken cancellationToken) =>
        database.QueryAsync<InvitationView>(List, new { accountId }, cancellationToken);

    public Task<IReadOnlyList<SentInvitationView>> ListSentAsync(long teamId, CancellationToken cancellationToken) =>
        database.QueryAsync<SentInvitationView>(ListSent, new { teamId }, cancellationToken);

    /// <summary>The team that the account is in now; null: there is no such invitation for it.</summary>
    public async Task<long?> AcceptAsync(long id, long accountId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await connection.QuerySingleOrDefaultAsync<InvitationOrigin?>(
            new CommandDefinition(Find, new { id, accountId }, transaction, cancellationToken: cancellationToken));
        if (found is null)
        {
            return null;
        }

        var isOfAnOwner = await IsOwnerAsync(transaction, found, cancellationToken);
        if (await LockAsync(transaction, id, accountId, cancellationToken) is not { } invitation)
        {
            return null;
        }

        if (invitation.Status == Accepted)
        {
            // An answer that got lost, and was sent again.
            return await teams.RoleAsync(invitation.TeamId, accountId, cancellationToken) is null ? null : invitation.TeamId;
        }

        if (invitation.Status != Pending || !invitation.IsInTime || !isOfAnOwner || invitation.InvitedBy != found.InvitedBy)
        {
            return null;
        }

        await teams.InsertAsync(transaction, invitation.TeamId, accountId, invitation.Role, caller, cancellationToken);
        await CloseAsync(transaction, id, Accepted, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return invitation.TeamId;
    }

    /// <summary>False: there is no such invitation for the account.</summary>
    public async Task<bool> DeclineAsync(long id, long accountId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(transaction, id, accountId, cancellationToken) is not { Status: Pending or Declined } invitation)
        {
            return false;
        }

        if (invitation.Status == Pending)
        {
            await CloseAsync(transaction, id, Declined, cancellationToken);
            await WriteAuditAsync(transaction, caller, "invitation.declined", invitation.TeamId, new { Id = id }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>False: the team has no such invitation.</summary>
    public async Task<bool> WithdrawAsync(long id, long teamId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(
            new CommandDefinition(Withdraw, new { id, teamId }, transaction, cancellationToken: cancellationToken)) == 0)
        {
            return false;
        }

        await WriteAuditAsync(transaction, caller, "invitation.withdrawn", teamId, new { Id = id }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<bool> IsOwnerAsync(
        NpgsqlTransaction transaction, InvitationOrigin invitation, CancellationToken cancellationToken) =>
        invitation.InvitedBy is not { } inviter || await transaction.Connection!.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            LockInviter, new { teamId = invitation.TeamId, accountId = inviter }, transaction,
            cancellationToken: cancellationToken)) is not null;

    private static Task<InvitationRow?> LockAsync(
        NpgsqlTransaction transaction, long id, long accountId, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<InvitationRow?>(
            new CommandDefinition(Lock, new { id, accountId }, transaction, cancellationToken: cancellationToken));

    private static Task<int> CloseAsync(NpgsqlTransaction transaction, long id, string status, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Close, new { id, status }, transaction, cancellationToken: cancellationToken));

    private static Task WriteAuditAsync(
        NpgsqlTransaction transaction, Caller caller, string action, long teamId, object after, CancellationToken cancellationToken) =>
        AuditTrail.WriteAsync(
            transaction,
            new AuditEntry(caller.Actor, action, string.Create(CultureInfo.InvariantCulture, $"account:{teamId}"), null, after),
            cancellationToken);

    private sealed record InvitationOrigin
    {
        public long TeamId { get; init; }
        public long? InvitedBy { get; init; }
    }

    private sealed record InvitationRow
    {
        public long Id { get; init; }
        public long TeamId { get; init; }
        public required string Role { get; init; }
        public required string Status { get; init; }
        public long? InvitedBy { get; init; }
        public bool IsInTime { get; init; }
    }
}
