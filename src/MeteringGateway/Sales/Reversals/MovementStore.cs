using Dapper;
using MeteringGateway.Accounts.Payouts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using Npgsql;

namespace MeteringGateway.Sales.Reversals;

/// <summary>The movements of refunds, disputes and debts in PostgreSQL. Any number of callers at once.</summary>
internal sealed class MovementStore(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string LockAccount = SqlFile.Read("Sales/Reversals/lock-account.sql");
    private static readonly string Lock = SqlFile.Read("Sales/Reversals/lock-movement.sql");
    private static readonly string Apply = SqlFile.Read("Sales/Reversals/apply-movement.sql");
    private static readonly string IsBlocked = SqlFile.Read("Sales/Reversals/is-blocked.sql");
    private static readonly string GiveLess = SqlFile.Read("Sales/Reversals/give-less.sql");
    private static readonly string Decide = SqlFile.Read("Sales/Reversals/decide-movement.sql");
    private static readonly string Postpone = SqlFile.Read("Sales/Reversals/postpone-movement.sql");
    private static readonly string ListOpen = SqlFile.Read("Sales/Reversals/list-open-movements.sql");
    private static readonly string ListOfAccount = SqlFile.Read("Sales/Reversals/list-movements-of-account.sql");

    /// <summary>Those that nobody may be at work on any more, page by page.</summary>
    public Task<IReadOnlyList<MovementRow>> ListOpenAsync(string after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<MovementRow>(ListOpen, new { now = time.GetUtcNow(), after, limit }, cancellationToken);

    /// <summary>The row as it stands: what was finished since may have lowered it.</summary>
    public Task<MovementRow> ReadAsync(MovementRow row, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<MovementRow>(Lock, new { entryId = row.EntryId }, cancellationToken);

    /// <summary>All that an account has open, the older first.</summary>
    public Task<IReadOnlyList<MovementRow>> ListOpenOfAsync(long accountId, CancellationToken cancellationToken) =>
        database.QueryAsync<MovementRow>(ListOfAccount, new { accountId }, cancellationToken);

    /// <summary>
    /// The credits have moved, or none were free: what is left of a debit is owed, and what a purchase could not pay of a debt is open
    /// again.
    /// </summary>
    /// <param name="row">What was tried.</param>
    /// <param name="moved">How many credits moved.</param>
    /// <param name="balance">Afterwards; null: not known.</param>
    /// <param name="cancellationToken">Not a client's.</param>
    /// <returns>The row as it stands: another gateway may have finished it first.</returns>
    public async Task<MovementRow> ApplyAsync(MovementRow row, long moved, long? balance, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(transaction, LockAccount, new { accountId = row.AccountId }, cancellationToken);
        var now = await connection.QuerySingleAsync<MovementRow>(
            new CommandDefinition(Lock, new { entryId = row.EntryId }, transaction, cancellationToken: cancellationToken));
        if (now.Status == PayoutStatus.Applied)
        {
            return now;
        }

        await ExecuteAsync(transaction, Apply, new { entryId = row.EntryId, moved }, cancellationToken);
        var rest = now.Credits - moved;
        if (now.Kind == MovementKind.Debt)
        {
            await DebtBook.PutBackAsync(transaction, now.EntryId, rest, cancellationToken);
            await OrderNotes.BalanceAsync(transaction, now.OrderId, balance, cancellationToken);
        }
        else if (rest > 0 && now.Kind != MovementKind.Reinstated)
        {
            await DebtBook.AddAsync(transaction, now, rest, cancellationToken);
            await ForgiveUndoneAsync(transaction, now, rest, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return now with { Status = PayoutStatus.Applied, Moved = moved };
    }

    /// <summary>A reinstatement waits for what it is to undo: only then it is known what of it was taken and what is owed.</summary>
    public Task<bool> IsBlockedAsync(MovementRow row, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<bool>(IsBlocked, new { orderId = row.OrderId }, cancellationToken);

    /// <summary>
    /// After Redis has refused an attempt, and only then: how many the next one takes. The row as it stands: another gateway may have
    /// decided first.
    /// </summary>
    public Task<MovementRow> DecideAsync(MovementRow row, long amount, CancellationToken cancellationToken) =>
        database.QuerySingleAsync<MovementRow>(
            Decide, new { entryId = row.EntryId, attempt = row.Attempt, amount }, cancellationToken);

    public async Task PostponeAsync(MovementRow row, TimeSpan pause, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(Postpone, new { entryId = row.EntryId, retryAt = time.GetUtcNow() + pause }, cancellationToken);
    }

    /// <summary>Of a refund that was undone before its credits moved: what is owed is forgiven, and that much less is given back.</summary>
    private static async Task ForgiveUndoneAsync(
        NpgsqlTransaction transaction, MovementRow row, long rest, CancellationToken cancellationToken)
    {
        var id = row.EntryId[(row.Kind.Length + 1)..];
        var given = await transaction.Connection!.QuerySingleOrDefaultAsync<MovementRow?>(new CommandDefinition(
            Lock, new { entryId = $"{MovementKind.Reinstated}:{id}" }, transaction, cancellationToken: cancellationToken));
        if (given is not { Status: PayoutStatus.Pending })
        {
            return;
        }

        var forgiven = await DebtBook.ForgiveAsync(transaction, row.OrderId, Math.Min(rest, given.Credits), cancellationToken);
        await ExecuteAsync(transaction, GiveLess, new { entryId = given.EntryId, forgiven }, cancellationToken);
    }

    private static Task<int> ExecuteAsync(
        NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
}
