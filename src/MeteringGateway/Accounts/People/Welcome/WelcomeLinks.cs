using System.Globalization;
using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Edge;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.People.Welcome;

/// <summary>
/// Links with which a customer sets a password, in PostgreSQL. To look at one does not use it up: programs that guard a mailbox follow
/// every link before its reader does. Any number of callers at once.
/// </summary>
internal sealed class WelcomeLinks(NpgsqlDataSource database, PublicUrl address, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);
    private static readonly string s_put = SqlFile.Read("Accounts/People/Welcome/put-link.sql");
    private static readonly string s_find = SqlFile.Read("Accounts/People/Welcome/find-link.sql");
    private static readonly string s_lock = SqlFile.Read("Accounts/People/Welcome/lock-account.sql");
    private static readonly string s_take = SqlFile.Read("Accounts/People/Welcome/take-link.sql");

    /// <summary>A new link, in the place of the account's older one; its address, to be shown this once.</summary>
    public async Task<string> CreateAsync(NpgsqlTransaction transaction, long accountId, Caller caller, CancellationToken cancellationToken)
    {
        var (text, hash) = WelcomeSecret.Create();
        var now = time.GetUtcNow();
        var expiresAt = now + s_lifetime;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            s_put, new { accountId, hash = hash.ToBytes(), now, expiresAt }, transaction, cancellationToken: cancellationToken));
        var target = string.Create(CultureInfo.InvariantCulture, $"account:{accountId}");
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, "welcome_link.created", target, null, new { expiresAt }), cancellationToken);
        return $"{address.Value}/console/welcome/{text}";
    }

    /// <summary>Whether the link is good, without using it up.</summary>
    public async Task<WelcomeLook> LookAsync(string secret, CancellationToken cancellationToken)
    {
        if (!WelcomeSecret.TryParse(secret, out var hash)
            || await database.QuerySingleOrDefaultAsync<LinkRow>(
                s_find, new { hash = hash.ToBytes(), now = time.GetUtcNow() }, cancellationToken) is not { } row)
        {
            return new WelcomeLook(WelcomeStatus.Ended, null);
        }

        return row.IsActive
            ? new WelcomeLook(
                WelcomeStatus.Good, new WelcomeLink(row.AccountId, row.Email, row.FullName, row.ExpiresAt))
            : new WelcomeLook(WelcomeStatus.Suspended, null);
    }

    /// <summary>
    /// Uses the link up in the caller's transaction; of two at once one gets it. The account is locked from then on, so that a suspension
    /// comes before or after, and the link of a suspended account is left as it is.
    /// </summary>
    public async Task<WelcomeStatus> TakeAsync(
        NpgsqlTransaction transaction, long accountId, SecretHash hash, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var status = await connection.QuerySingleAsync<string>(
            new CommandDefinition(s_lock, new { accountId }, transaction, cancellationToken: cancellationToken));
        if (status != "active")
        {
            return WelcomeStatus.Suspended;
        }

        var taken = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            s_take, new { accountId, hash = hash.ToBytes(), now = time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        return taken is null ? WelcomeStatus.Ended : WelcomeStatus.Good;
    }

    private sealed record LinkRow
    {
        public long AccountId { get; init; }
        public required string Email { get; init; }
        public required string FullName { get; init; }
        public bool IsActive { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
    }
}
