using System.Globalization;
using Dapper;
using MeteringGateway.Accounts;
using MeteringGateway.Audit;
using MeteringGateway.Authentication;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.People;

internal enum MembershipStatus
{
    Done,
    UnknownPerson,
    AlreadyMember,
    NotAMember,

    /// <summary>A team without an owner would be nobody's to change.</summary>
    LastOwner,
}

/// <summary>Teams and their members in PostgreSQL. A team is an account of its own: its wallet is shared by being one.</summary>
internal sealed class TeamStore(NpgsqlDataSource books, SessionStore sessions)
{
    public const string Owner = "owner";
    public const string Member = "member";
    private static readonly string InsertMember = SqlFile.Read("People/insert-member.sql");
    private static readonly string FindPerson = SqlFile.Read("People/find-person.sql");
    private static readonly string ListTeams = SqlFile.Read("People/list-teams.sql");
    private static readonly string ListMembers = SqlFile.Read("People/list-members.sql");
    private static readonly string FindRole = SqlFile.Read("People/find-role.sql");
    private static readonly string KeepMember = SqlFile.Read("People/keep-member.sql");
    private static readonly string LockMembers = SqlFile.Read("People/lock-members.sql");
    private static readonly string DeleteMember = SqlFile.Read("People/delete-member.sql");

    /// <summary>A team with its first owner; null: the owner is no person.</summary>
    public async Task<AccountRow?> CreateAsync(string fullName, long ownerId, Caller caller, CancellationToken cancellationToken)
    {
        // Every account has an email of its own. A team has no mailbox, and taking somebody's address for it would keep that person out.
        var email = $"team-{Guid.NewGuid():N}@teams.invalid";
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var team = await AccountStore.InsertAsync(transaction, new NewAccount(email, fullName, "team", 0, null), caller, cancellationToken)
            ?? throw new InvalidOperationException("A random address was taken.");
        if (!await InsertAsync(transaction, team.Id, ownerId, Owner, caller, cancellationToken))
        {
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        return team;
    }

    public async Task<IReadOnlyList<TeamView>> ListAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<TeamView>(new CommandDefinition(ListTeams, new { accountId }, cancellationToken: cancellationToken))];
    }

    public async Task<IReadOnlyList<MemberView>> MembersAsync(long teamId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<MemberView>(new CommandDefinition(ListMembers, new { teamId }, cancellationToken: cancellationToken))];
    }

    /// <summary>Null: not a member, or no such team.</summary>
    public async Task<string?> RoleAsync(long teamId, long accountId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(FindRole, new { teamId, accountId }, cancellationToken: cancellationToken));
    }

    public async Task<MembershipStatus> AddAsync(long teamId, NewMember member, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var person = await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(FindPerson, new { email = member.Email }, transaction, cancellationToken: cancellationToken));
        if (person is not { } accountId)
        {
            return MembershipStatus.UnknownPerson;
        }

        if (!await InsertAsync(transaction, teamId, accountId, member.Role, caller, cancellationToken))
        {
            return MembershipStatus.AlreadyMember;
        }

        await transaction.CommitAsync(cancellationToken);
        return MembershipStatus.Done;
    }

    /// <summary>The member's sessions for the team end with it.</summary>
    public async Task<MembershipStatus> RemoveAsync(long teamId, long accountId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var members = (await connection.QueryAsync<MemberRow>(new CommandDefinition(LockMembers, new { teamId }, transaction, cancellationToken: cancellationToken))).AsList();
        if (members.Find(member => member.AccountId == accountId) is not { } leaving)
        {
            return MembershipStatus.NotAMember;
        }

        if (leaving.Role == Owner && members.Count(member => member.Role == Owner) == 1)
        {
            return MembershipStatus.LastOwner;
        }

        await connection.ExecuteAsync(new CommandDefinition(DeleteMember, new { teamId, accountId }, transaction, cancellationToken: cancellationToken));
        var entry = new AuditEntry(caller.Actor, "member.removed", Target(teamId), new { accountId, leaving.Role }, null);
        await AuditTrail.WriteAsync(transaction, entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return MembershipStatus.Done;
    }

    /// <summary>A session that opens the team's wallet; null: not a member.</summary>
    public async Task<SessionView?> OpenSessionAsync(long teamId, long personId, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var parameters = new { teamId, accountId = personId };
        if (await connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(KeepMember, parameters, transaction, cancellationToken: cancellationToken)) is null)
        {
            return null;
        }

        var session = await sessions.OpenAsync(transaction, teamId, personId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return session;
    }

    private static async Task<bool> InsertAsync(NpgsqlTransaction transaction, long teamId, long accountId, string role, Caller caller, CancellationToken cancellationToken)
    {
        if (await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(InsertMember, new { teamId, accountId, role }, transaction, cancellationToken: cancellationToken)) == 0)
        {
            return false;
        }

        await AuditTrail.WriteAsync(transaction, new AuditEntry(caller.Actor, "member.added", Target(teamId), null, new { accountId, role }), cancellationToken);
        return true;
    }

    private static string Target(long teamId) => string.Create(CultureInfo.InvariantCulture, $"account:{teamId}");

    private sealed record MemberRow
    {
        public long AccountId { get; init; }
        public required string Role { get; init; }
    }
}
