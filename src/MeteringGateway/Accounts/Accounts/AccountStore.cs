using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>
/// Accounts in PostgreSQL. A change is the row and its audit entry in one transaction; <see cref="ApplyAsync"/> then takes it to Redis,
/// and only with that done does it hold everywhere.
/// </summary>
internal sealed class AccountStore(NpgsqlDataSource database, ConfigurationPush push)
{
    private static readonly string Insert = SqlFile.Read("Accounts/Accounts/insert-account.sql");
    private static readonly string Get = SqlFile.Read("Accounts/Accounts/get-account.sql");
    private static readonly string Lock = SqlFile.Read("Accounts/Accounts/lock-account.sql");
    private static readonly string List = SqlFile.Read("Accounts/Accounts/list-accounts.sql");
    private static readonly string ListOf = SqlFile.Read("Accounts/Accounts/list-accounts-of.sql");
    private static readonly string Update = SqlFile.Read("Accounts/Accounts/update-account.sql");
    private static readonly string NoteApplied = SqlFile.Read("Accounts/Accounts/note-applied.sql");

    /// <summary>The account, and the row that says which credits it opens with; null when the email is taken.</summary>
    public async Task<(AccountRow Account, ManualCreditRow? Opening)?> CreateAsync(
        NewAccount request, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await InsertAsync(transaction, request, caller, cancellationToken) is not { } account)
        {
            return null;
        }

        ManualCreditRow? opening = null;
        if (request.Credits > 0)
        {
            var bonus = new ManualCredit(account.Id, request.Credits, "bonus", "Opening credits", null);
            opening = await ManualCreditStore.InsertAsync(transaction, bonus, caller, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (account, opening);
    }

    /// <summary>
    /// The account and its trail, for callers that make more of it in the same transaction; null when the email is taken.
    /// </summary>
    public static async Task<AccountRow?> InsertAsync(
        NpgsqlTransaction transaction, NewAccount request, Caller caller, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var inserted = await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            Insert,
            new
            {
                email = request.Email,
                emailKey = EmailAddress.KeyOf(request.Email),
                fullName = request.FullName,
                kind = request.Kind,
                monthlyBudget = request.MonthlyBudget,
            },
            transaction,
            cancellationToken: cancellationToken));
        if (inserted is not { } id)
        {
            return null;
        }

        var account = await connection.QuerySingleAsync<AccountRow>(
            new CommandDefinition(Get, new { id }, transaction, cancellationToken: cancellationToken));
        await AuditTrail.WriteAsync(
            transaction, new AuditEntry(caller.Actor, "account.created", $"account:{id}", null, AccountView.Of(account)),
            cancellationToken);
        return account;
    }

    public Task<AccountRow?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<AccountRow>(Get, new { id }, cancellationToken);

    /// <summary>The numbers of all accounts, or of the one with an email.</summary>
    public Task<(IReadOnlyList<long> Ids, long Total)> ListIdsAsync(string? email, Page page, CancellationToken cancellationToken)
    {
        var emailKey = email is null ? null : EmailAddress.KeyOf(email);
        return database.QueryPageAsync<long>(List, new { emailKey, limit = page.Limit, offset = page.Offset }, cancellationToken);
    }

    /// <summary>Those accounts, in the order of their numbers.</summary>
    public Task<IReadOnlyList<AccountRow>> ListAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        database.QueryAsync<AccountRow>(ListOf, new { ids = ids.ToArray() }, cancellationToken);

    /// <summary>
    /// <paramref name="change"/> makes the new row of the current one, or null to refuse. Null: refused, or no such account.
    /// </summary>
    public async Task<AccountRow?> ChangeAsync(
        long id, Func<AccountRow, AccountRow?> change, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await connection.QuerySingleOrDefaultAsync<AccountRow>(
            new CommandDefinition(Lock, new { id }, transaction, cancellationToken: cancellationToken));
        if (before is null)
        {
            return null;
        }

        var after = change(before);
        if (after is null || after == before)
        {
            return after;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            Update,
            new
            {
                id,
                status = after.Status,
                fullName = after.FullName,
                monthlyBudget = after.MonthlyBudget,
                lowBalanceMark = after.LowBalanceMark,
                budgetChanged = after.MonthlyBudget != before.MonthlyBudget,
                markChanged = after.LowBalanceMark != before.LowBalanceMark,
            },
            transaction,
            cancellationToken: cancellationToken));
        after = after with { Version = before.Version + 1 };
        await AuditTrail.WriteAsync(
            transaction,
            new AuditEntry(caller.Actor, "account.changed", $"account:{id}", AccountView.Of(before), AccountView.Of(after)),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    /// <summary>Takes the row to Redis. False: Redis is away, <c>ConfigurationSync</c> will do it.</summary>
    public async Task<bool> ApplyAsync(long id, long version, CancellationToken cancellationToken)
    {
        if (!await push.ConfigureAccountAsync(id, cancellationToken))
        {
            return false;
        }

        await database.ExecuteAsync(NoteApplied, new { id, version }, cancellationToken);
        return true;
    }
}
