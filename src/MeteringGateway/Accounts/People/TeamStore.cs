using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.People;

/// <summary>Teams and their members, in PostgreSQL. A team is an account of its own: its wallet is shared by being one.</summary>
internal sealed class TeamStore(NpgsqlDataSource database, SessionStore sessions, IOptions<PeopleOptions> options)
{
    private static readonly string InsertMember = SqlFile.Read("Accounts/People/insert-member.sql");
    private static readonly string FindPerson = SqlFile.Read("Accounts/People/find-person.sql");
    private static readonly string ListTeams = SqlFile.Read("Accounts/People/list-teams.sql");
    private static readonly string ListMembers = SqlFile.Read("Accounts/People/list-members.sql");
    private static readonly string GetMember = SqlFile.Read("Accounts/People/get-member.sql");
    private static readonly string FindRole = SqlFile.Read("Accounts/People/find-role.sql");
    private static readonly string KeepMember = SqlFile.Read("Accounts/People/keep-member.sql");

    /// <summary>A team with its first owner; null: the owner is no person.</summary>
    public async Task<AccountRow?> CreateAsync(string fullName, long ownerId, Caller caller, CancellationToken cancellationToken)
    {
        // Every account has an email of its own. A team has no mailbox, and taking somebody's address for it would keep that person out.
        var email = $"team-{Guid.NewGuid():N}@teams.invalid";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var team = await AccountStore.InsertAsync(transaction, new NewAccount(email, fullName, "team", 0, null), caller, cancellationToken)
            ?? throw new InvalidOperationException("A random address was taken.");
        if (!await InsertAsync(transaction, team.Id, ownerId, TeamRole.Owner, caller, cancellationToken))
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return team;
    }

    public Task<IReadOnlyList<TeamView>> ListAsync(long accountId, CancellationToken cancellationToken) =>
        database.QueryAsync<TeamView>(ListTeams, new { accountId }, cancellationToken);

    public Task<IReadOnlyList<MemberView>> MembersAsync(long teamId, CancellationToken cancellationToken) =>
        database.QueryAsync<MemberView>(ListMembers, new { teamId }, cancellationToken);

    /// <summary>Null: not a member, or no such team.</summary>
    public Task<MemberView?> MemberAsync(long teamId, long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<MemberView>(GetMember, new { teamId, accountId }, cancellationToken);

    /// <summary>Null: not a member, or no such team.</summary>
    public Task<string?> RoleAsync(long teamId, long accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<string>(FindRole, new { teamId, accountId }, cancellationToken);

    /// <summary>Adds a person without asking, as only an operator may. The id of the account that was found.</summary>
    public async Task<(MembershipStatus Status, long AccountId)> AddAsync(
        long teamId, NewMember member, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var person = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            FindPerson, new { emailKey = EmailAddress.KeyOf(member.Email) }, transaction, cancellationToken: cancellationToken));
        if (person is not { } accountId)
        {
            return (MembershipStatus.UnknownPerson, 0);
        }

        if (!await InsertAsync(transaction, teamId, accountId, member.Role, caller, cancellationToken))
        {
            return (MembershipStatus.AlreadyMember, accountId);
        }

        await transaction.CommitAsync(cancellationToken);
        return (MembershipStatus.Done, accountId);
    }

    /// <summary>A session that opens the team's wallet, for a member.</summary>
    public async Task<(MembershipStatus Status, SessionView? Session)> OpenSessionAsync(
        long teamId, long personId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return (MembershipStatus.CallerEnded, null);
        }

        var parameters = new { teamId, accountId = personId };
        if (await connection.QuerySingleOrDefaultAsync<int?>(
            new CommandDefinition(KeepMember, parameters, transaction, cancellationToken: cancellationToken)) is null)
        {
            return (MembershipStatus.NotAMember, null);
        }

        var session = await sessions.OpenAsync(transaction, teamId, personId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (MembershipStatus.Done, session);
    }

    /// <summary>False: a member already, no person, or no team.</summary>
    public async Task<bool> InsertAsync(
        NpgsqlTransaction transaction, long teamId, long accountId, string role, Caller caller, CancellationToken cancellationToken)
    {
        if (await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertMember, new { teamId, accountId, role, keyLimit = options.Value.MemberKeyLimit }, transaction,
            cancellationToken: cancellationToken)) == 0)
        {
            return false;
        }

        var target = string.Create(CultureInfo.InvariantCulture, $"account:{teamId}");
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, "member.added", target, null, new { accountId, role }), cancellationToken);
        return true;
    }
}
