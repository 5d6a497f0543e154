using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Accounts;

/// <summary>The rows that say which credits are to be given by hand, and what became of it.</summary>
internal sealed class ManualCreditStore(NpgsqlDataSource database)
{
    private static readonly string Insert = SqlFile.Read("Accounts/Accounts/insert-manual-credit.sql");
    private static readonly string FindByReference = SqlFile.Read("Accounts/Accounts/find-manual-credit.sql");
    private static readonly string Reopen = SqlFile.Read("Accounts/Accounts/reopen-manual-credit.sql");
    private static readonly string Finish = SqlFile.Read("Accounts/Accounts/finish-manual-credit.sql");
    private static readonly string ListPending = SqlFile.Read("Accounts/Accounts/list-pending-manual-credits.sql");

    /// <summary>Null when the reference is taken.</summary>
    public static async Task<ManualCreditRow?> InsertAsync(
        NpgsqlTransaction transaction, ManualCredit credit, Caller caller, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<ManualCreditRow>(new CommandDefinition(
            Insert,
            new
            {
                accountId = credit.AccountId,
                amount = credit.Amount,
                type = credit.Type,
                description = credit.Description,
                reference = credit.Reference,
            },
            transaction,
            cancellationToken: cancellationToken));
        if (row is not null)
        {
            var entry = new AuditEntry(caller.Actor, "credits.manual", $"account:{credit.AccountId}", null, ManualCreditView.Of(row));
            await AuditTrail.WriteAsync(transaction, entry, cancellationToken);
        }

        return row;
    }

    /// <summary>The new row, or the one that has the reference already.</summary>
    public async Task<(ManualCreditRow Row, bool IsNew)> OpenAsync(ManualCredit credit, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await InsertAsync(transaction, credit, caller, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (row is not null)
        {
            return (row, true);
        }

        var first = await connection.QuerySingleAsync<ManualCreditRow>(
            new CommandDefinition(FindByReference, new { reference = credit.Reference }, cancellationToken: cancellationToken));
        return (first, false);
    }

    /// <summary>The row as it stands afterwards: another attempt, unless somebody else was faster.</summary>
    public Task<ManualCreditRow> ReopenAsync(long id, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<ManualCreditRow>(Reopen, new { id }, cancellationToken);

    /// <summary>The row as it stands afterwards: another gateway may have finished it first.</summary>
    public Task<ManualCreditRow> FinishAsync(ManualCreditRow row, string status, long? balanceAfter, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<ManualCreditRow>(
            Finish, new { id = row.Id, attempt = row.Attempt, status, balanceAfter }, cancellationToken);

    public Task<IReadOnlyList<ManualCreditRow>> ListPendingAsync(
        TimeSpan age, long after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<ManualCreditRow>(ListPending, new { age, after, limit }, cancellationToken);
}
