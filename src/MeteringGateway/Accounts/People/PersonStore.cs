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
    private static readonly string InsertPassword = SqlFile.Read("Accounts/People/insert-password.sql");
    private static readonly string ChangePassword = SqlFile.Read("Accounts/People/change-password.sql");
    private static readonly string RenewPassword = SqlFile.Read("Accounts/People/renew-password.sql");
    private static readonly string KeepPassword = SqlFile.Read("Accounts/People/keep-password.sql");

    public async Task<(AccountRow Account, KeptPassword? Password)?> FindAsync(string email, CancellationToken cancellationToken)
    {
        var row = await database.QuerySingleOrDefaultAsync<PersonRow>(
            FindPassword, new { emailKey = EmailAddress.KeyOf(email) }, cancellationToken);
        return row is null ? null : (row.Account, row.Password);
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

    /// <summary>A session for an account that has shown the right password; null: it is another password by now.</summary>
    public async Task<SessionView?> SignInAsync(long accountId, KeptPassword shown, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsKeptAsync(transaction, accountId, shown, cancellationToken))
        {
            return null;
        }

        var session = await sessions.OpenAsync(transaction, accountId, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return session;
    }

    /// <summary>As <see cref="SignInAsync"/>, with a session of the console: until when.</summary>
    public async Task<DateTimeOffset?> SignInToConsoleAsync(
        long accountId, KeptPassword shown, SecretHash session, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsKeptAsync(transaction, accountId, shown, cancellationToken))
        {
            return null;
        }

        var expiresAt = await sessions.OpenForConsoleAsync(transaction, accountId, session, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return expiresAt;
    }

    /// <summary>
    /// Sets the password and ends every session but the one that asks: it may be changed because somebody else knows it.
    /// </summary>
    /// <param name="accountId">Whose it is.</param>
    /// <param name="shown">The password that the caller has shown; null: there was none to show.</param>
    /// <param name="hash">Of the new one.</param>
    /// <param name="kept">The session that asks.</param>
    /// <param name="caller">The same session's.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<PasswordChangeStatus> ChangePasswordAsync(
        long accountId, KeptPassword? shown, string hash, SecretHash kept, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return PasswordChangeStatus.CallerEnded;
        }

        var set = await connection.ExecuteAsync(shown is null
            ? new CommandDefinition(InsertPassword, new { accountId, hash }, transaction, cancellationToken: cancellationToken)
            : new CommandDefinition(
                ChangePassword, new { accountId, hash, changedAt = shown.ChangedAt }, transaction, cancellationToken: cancellationToken));
        if (set == 0)
        {
            return PasswordChangeStatus.AnotherPassword;
        }

        await SessionStore.EndOthersAsync(transaction, accountId, kept, cancellationToken);
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, "password.changed", $"account:{accountId}", null, null), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return PasswordChangeStatus.Done;
    }

    /// <summary>
    /// Sets the password of the account that a welcome link was handed out for, once. A first password ends nothing:
    /// the session that came with the link is in use by then. In the place of another it ends every other session, as a change does, for
    /// such a link is asked for where a password is lost, or known to somebody else.
    /// </summary>
    /// <param name="secret">Of the link.</param>
    /// <param name="hash">Of the password.</param>
    /// <param name="session">Of the console, opened with it, so that a binding that comes next finds it and ends it.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<WelcomeResult> WelcomeAsync(string secret, string hash, SecretHash session, CancellationToken cancellationToken)
    {
        var (status, link) = await links.LookAsync(secret, cancellationToken);
        if (link is null || !WelcomeSecret.TryParse(secret, out var secretHash))
        {
            return new WelcomeResult(status, null, null);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        status = await links.TakeAsync(transaction, link.AccountId, secretHash, cancellationToken);
        if (status != WelcomeStatus.Good)
        {
            return new WelcomeResult(status, null, null);
        }

        // The password first: a sign-in with the one before is waited for, and its session found.
        if (await connection.QuerySingleAsync<bool>(new CommandDefinition(
            SetPassword, new { accountId = link.AccountId, hash }, transaction, cancellationToken: cancellationToken)))
        {
            await SessionStore.EndOthersAsync(transaction, link.AccountId, secretHash, cancellationToken);
        }

        await AuditTrail.WriteAsync(
            transaction,
            new AuditEntry($"account:{link.AccountId}", "password.set", $"account:{link.AccountId}", null, new { by = "welcome_link" }),
            cancellationToken);
        var expiresAt = await sessions.OpenForConsoleAsync(transaction, link.AccountId, session, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WelcomeResult(WelcomeStatus.Good, link.AccountId, expiresAt);
    }

    private static async Task<bool> IsKeptAsync(
        NpgsqlTransaction transaction, long accountId, KeptPassword shown, CancellationToken cancellationToken)
    {
        if (shown.NewHash is { } newHash)
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                RenewPassword, new { accountId, hash = shown.Hash, newHash }, transaction, cancellationToken: cancellationToken));
        }

        return await transaction.Connection!.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            KeepPassword, new { accountId, changedAt = shown.ChangedAt }, transaction, cancellationToken: cancellationToken)) is not null;
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
        public DateTimeOffset? PasswordChangedAt { get; init; }

        public KeptPassword? Password =>
            PasswordHash is { } hash && PasswordChangedAt is { } changedAt ? new KeptPassword(hash, changedAt) : null;

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
