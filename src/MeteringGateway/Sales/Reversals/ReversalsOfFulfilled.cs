using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using Npgsql;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// When an order's credits arrive: what was refunded of it before, and what the account owes, is written down in the same transaction.
/// </summary>
internal sealed class ReversalsOfFulfilled(ReversalBook book, MovementFlow movements, NpgsqlDataSource database) : IOrderFulfilled
{
    private static readonly string s_readBalance = SqlFile.Read("Sales/Reversals/read-balance-after.sql");

    public Task LockAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken) =>
        ReversalBook.LockAsync(transaction, orderId, cancellationToken);

    public async Task NoteAsync(NpgsqlTransaction transaction, OrderRow order, CancellationToken cancellationToken)
    {
        await book.BookAsync(transaction, order.Id, cancellationToken);
        await book.PayDebtsAsync(transaction, order.Id, cancellationToken);
    }

    public async Task<OrderRow> FollowAsync(OrderRow order, CancellationToken cancellationToken)
    {
        await movements.FinishAllAsync(order.AccountId, cancellationToken);
        var balance = await database.QuerySingleOrDefaultAsync<long?>(s_readBalance, new { id = order.Id }, cancellationToken);
        return order with { BalanceAfter = balance ?? order.BalanceAfter };
    }
}
