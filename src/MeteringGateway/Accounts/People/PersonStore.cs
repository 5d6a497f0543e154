using Dapper;
using MeteringGateway.Accounts.Accounts;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Accounts.People.Welcome;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.People;

/// <summary>People's accounts with their passwords, in PostgreSQL.</summary>
internal sealed class PersonStore(NpgsqlDataSource database, SessionStore sessions, WelcomeLinks links)
{
    private static readonly string FindPassword = SqlFile.Read("Accounts/People/find-password.sql");
    private static readonly string SetPassword = SqlFile.Read("Accounts/People/set-password.sql");

    public async Task<(AccountRow Account, string? PasswordHash)?> FindAsync(string email, CancellationToken cancellationToken)
    {
        var row = await database.QuerySingleOrDefaultAsync<PersonRow>(
            FindPassword, new { emailKey = EmailAddress.KeyOf(email) }, cancellationToken);
        return row is null ? null : (row.Account, row.PasswordHash);
    }

    /// <summary>The account, its password and a first session, together or not at all; null when the email is taken.</summary>
    public async Task<(AccountRow Account, SessionView Session)?> SignUpAsync(
        NewAccount request, string hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await AccountStore.InsertAsync(transaction, request, new Caller("sign-up", null), cancellationToken) is not { } account)
        {
            return null;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(SetPassword, new { accountId = account.Id, hash }, transaction, cancellationToken: cancellationToken));
        var session = await sessions.OpenAsync(transaction, account.Id, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (account, session);
    }

    /// <summary>The password that was shown, hashed anew.</summary>
    public Task KeepHashAsync(long accountId, string hash, CancellationToken cancellationToken) =>
        database.ExecuteAsync(SetPassword, new { accountId, hash }, cancellationToken);

    /// <param name="accountId">The account that has shown the right password.</param>
    /// <param name="newHash">The password hashed anew, when the kept hash is weaker than it should be by now.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<SessionView> SignInAsync(long accountId, string? newHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (newHash is not null)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(SetPassword, new { accountId, hash = newHash }, transaction, cancellationToken: cancellationToken));
        }

        var session = await sessions.OpenAsync(transaction, accountId, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return session;
    }

    /// <summary>Sets the password and ends every other session: it may be changed because somebody else knows it.</summary>
    public async Task ChangePasswordAsync(long accountId, string hash, SecretHash kept, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(SetPassword, new { accountId, hash }, transaction, cancellationToken: cancellationToken));
        await SessionStore.EndOthersAsync(transaction, accountId, kept, cancellationToken);
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, "password.changed", $"account:{accountId}", null, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Sets the password of the account that a welcome link was handed out for, once. A first password ends nothing:
    /// the session that came with the link is in use by then. In the place of another it ends every other session, as a change does, for
    /// such a link is asked for where a password is lost, or known to somebody else.
    /// </summary>
    /// <param name="secret">Of the link.</param>
    /// <param name="hash">Of the password.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<WelcomeResult> WelcomeAsync(string secret, string hash, CancellationToken cancellationToken)
    {
        var (status, link) = await links.LookAsync(secret, cancellationToken);
        if (link is null || !WelcomeSecret.TryParse(secret, out var secretHash))
        {
            return new WelcomeResult(status, null);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        status = await links.TakeAsync(transaction, link.AccountId, secretHash, cancellationToken);
        if (status != WelcomeStatus.Good)
        {
            return new WelcomeResult(status, null);
        }

        if (link.HasPassword)
        {
            await SessionStore.EndOthersAsync(transaction, link.AccountId, secretHash, cancellationToken);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            SetPassword, new { accountId = link.AccountId, hash }, transaction, cancellationToken: cancellationToken));
        await AuditTrail.WriteAsync(
            transaction,
            new AuditEntry($"account:{link.AccountId}", "password.set", $"account:{link.AccountId}", null, new { by = "welcome_link" }),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WelcomeResult(WelcomeStatus.Good, link.AccountId);
    }

    private sealed record PersonRow
    {
        public long Id { get; init; }
        public required string Email { get; init; }
        public required string FullName { get; init; }
        public required string Kind { get; init; }
        public required string Status { get; init; }
        public long CreditBalance { get; init; }
        public long? MonthlyBudget { get; init; }
        public long Version { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public string? PasswordHash { get; init; }

        public AccountRow Account => new()
        {
            Id = Id,
            Email = Email,
            FullName = FullName,
            Kind = Kind,
            Status = Status,
            CreditBalance = CreditBalance,
            MonthlyBudget = MonthlyBudget,
            Version = Version,
            CreatedAt = CreatedAt,
        };
    }
}
