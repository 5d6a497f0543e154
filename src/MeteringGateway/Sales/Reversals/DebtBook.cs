using Dapper;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// What accounts owe: credits that a refund or a dispute takes back and that are spent. In the caller's transaction, under the account's
/// lock. A debt is open, or set aside for a purchase that is about to pay it, or paid, or forgiven.
/// </summary>
internal static class DebtBook
{
    private static readonly string Insert = SqlFile.Read("Sales/Reversals/insert-debt.sql");
    private static readonly string Sum = SqlFile.Read("Sales/Reversals/sum-open-debts.sql");
    private static readonly string ListOpen = SqlFile.Read("Sales/Reversals/list-open-debts.sql");
    private static readonly string ListOfOrder = SqlFile.Read("Sales/Reversals/list-debts-of-order.sql");
    private static readonly string Change = SqlFile.Read("Sales/Reversals/change-debt.sql");
    private static readonly string InsertPayment = SqlFile.Read("Sales/Reversals/insert-debt-payment.sql");
    private static readonly string ListPayments = SqlFile.Read("Sales/Reversals/list-debt-payments.sql");
    private static readonly string ChangePayment = SqlFile.Read("Sales/Reversals/change-debt-payment.sql");

    /// <summary>What a movement could not take.</summary>
    public static Task AddAsync(NpgsqlTransaction transaction, MovementRow movement, long credits, CancellationToken cancellationToken) =>
        ExecuteAsync(
            transaction, Insert,
            new { accountId = movement.AccountId, orderId = movement.OrderId, entryId = movement.EntryId, credits }, cancellationToken);

    public static Task<long> OpenAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<long>(
            new CommandDefinition(Sum, new { accountId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Takes open credits of the oldest debts out of what others may pay.</summary>
    public static async Task SetAsideAsync(
        NpgsqlTransaction transaction, long accountId, string entryId, long credits, CancellationToken cancellationToken)
    {
        foreach (var debt in await ListAsync(transaction, ListOpen, new { accountId }, cancellationToken))
        {
            var part = Math.Min(credits, debt.Open);
            if (part == 0)
            {
                break;
            }

            credits -= part;
            await ExecuteAsync(transaction, Change, new { id = debt.Id, by = -part }, cancellationToken);
            await ExecuteAsync(transaction, InsertPayment, new { entryId, debtId = debt.Id, credits = part }, cancellationToken);
        }
    }

    /// <summary>Opens again what a purchase could not pay, of the newest debts first.</summary>
    public static async Task PutBackAsync(NpgsqlTransaction transaction, string entryId, long credits, CancellationToken cancellationToken)
    {
        foreach (var payment in await ListAsync(transaction, ListPayments, new { entryId }, cancellationToken))
        {
            var part = Math.Min(credits, payment.Open);
            if (part == 0)
            {
                break;
            }

            credits -= part;
            await ExecuteAsync(transaction, Change, new { id = payment.Id, by = part }, cancellationToken);
            await ExecuteAsync(transaction, ChangePayment, new { entryId, debtId = payment.Id, by = -part }, cancellationToken);
        }
    }

    /// <summary>Strikes open credits of one order's debts.</summary>
    /// <returns>How many; what is not open is paid, or about to be, and has to be given back.</returns>
    public static async Task<long> ForgiveAsync(
        NpgsqlTransaction transaction, long orderId, long credits, CancellationToken cancellationToken)
    {
        var forgiven = 0L;
        foreach (var debt in await ListAsync(transaction, ListOfOrder, new { orderId }, cancellationToken))
        {
            var part = Math.Min(credits - forgiven, debt.Open);
            forgiven += part;
            await ExecuteAsync(transaction, Change, new { id = debt.Id, by = -part }, cancellationToken);
        }

        return forgiven;
    }

    private static async Task<IReadOnlyList<DebtPart>> ListAsync(
        NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<DebtPart>(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken))).AsList();

    private static Task<int> ExecuteAsync(
        NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));

    /// <summary>A debt and how much of it is open, or how much of it is set aside.</summary>
    private sealed record DebtPart
    {
        public long Id { get; init; }
        public long Open { get; init; }
    }
}
