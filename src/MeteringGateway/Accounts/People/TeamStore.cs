using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.People;

/// <summary>What became of a team. It is there exactly when it is done.</summary>
internal enum TeamMaking
{
    Done,

    /// <summary>The owner is no person.</summary>
    NoPerson,

    /// <summary>The same request has made a team before.</summary>
    MadeBefore,
}

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

    /// <summary>A team with its first owner.</summary>
    /// <param name="fullName">Of the team.</param>
    /// <param name="ownerId">The person.</param>
    /// <param name="idempotencyKey">The client's: the owner gets one team under it. Null: none.</param>
    /// <param name="caller">Who makes it.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<(TeamMaking Making, AccountRow? Team)> CreateAsync(
        string fullName, long ownerId, string? idempotencyKey, Caller caller, CancellationToken cancellationToken)
    {
        // Every account has an email of its own. A team has no mailbox, and taking somebody's address for it would keep that person out.
        // One that follows from the idempotency key is taken when the request comes again.
        var email = $"team-{(idempotencyKey is null ? Guid.NewGuid().ToString("N") : NameOf(ownerId, idempotencyKey))}@teams.invalid";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await AccountStore.InsertAsync(
            transaction, new NewAccount(email, fullName, "team", 0, null), caller, cancellationToken) is not { } team)
        {
            return (TeamMaking.MadeBefore, null);
        }

        if (!await InsertAsync(transaction, team.Id, ownerId, TeamRole.Owner, caller, cancellationToken))
        {
            return (TeamMaking.NoPerson, null);
        }

        await transaction.CommitAsync(cancellationToken);
        return (TeamMaking.Done, team);
    }

    private static string NameOf(long ownerId, string idempotencyKey) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ownerId}:{idempotencyKey}"))).AsSpan(0, 16));

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

    /// <summary>A session that opens the team's wallet; null: not a member.</summary>
    public async Task<SessionView?> OpenSessionAsync(long teamId, long personId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var parameters = new { teamId, accountId = personId };
        if (await connection.QuerySingleOrDefaultAsync<int?>(
            new CommandDefinition(KeepMember, parameters, transaction, cancellationToken: cancellationToken)) is null)
        {
            return null;
        }

        var session = await sessions.OpenAsync(transaction, teamId, personId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return session;
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
