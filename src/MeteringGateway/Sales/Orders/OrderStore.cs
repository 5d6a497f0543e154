using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Npgsql;

namespace MeteringGateway.Sales.Orders;

/// <summary>
/// Orders in PostgreSQL. Any number of callers at once; each move names the states it may start from, so of two that try the same,
/// one does it.
/// </summary>
internal sealed class OrderStore(NpgsqlDataSource database, IOrderPaid paid, IOrderFulfilled fulfilled, TimeProvider time)
{
    /// <summary>How long the request that makes or pays an order has it to itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string Insert = SqlFile.Read("Sales/Orders/insert-order.sql");
    private static readonly string LockAccount = SqlFile.Read("Sales/Orders/lock-account.sql");
    private static readonly string HasRoom = SqlFile.Read("Sales/Orders/has-room.sql");
    private static readonly string FindByKey = SqlFile.Read("Sales/Orders/find-order-by-key.sql");
    private static readonly string Find = SqlFile.Read("Sales/Orders/find-order.sql");
    private static readonly string NotePayment = SqlFile.Read("Sales/Orders/note-payment.sql");
    private static readonly string MakeHosted = SqlFile.Read("Sales/Orders/make-hosted.sql");
    private static readonly string Settle = SqlFile.Read("Sales/Orders/settle-order.sql");
    private static readonly string Postpone = SqlFile.Read("Sales/Orders/postpone-order.sql");
    private static readonly string ListOpen = SqlFile.Read("Sales/Orders/list-open-orders.sql");

    /// <summary>
    /// The new order, or the one that has the idempotency key already; null where the credits would not fit on the balance.
    /// </summary>
    public async Task<(OrderRow? Order, bool IsNew)> OpenAsync(NewOrder order, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var fits = await LockRoomAsync(transaction, order.AccountId, order.Credits, cancellationToken);
        var made = fits ? await InsertAsync(connection, transaction, order, cancellationToken) : null;
        await transaction.CommitAsync(cancellationToken);
        return made is not null
            ? (made, true)
            : (order.IdempotencyKey is null ? null : await FindByKeyAsync(order.AccountId, order.IdempotencyKey, cancellationToken), false);
    }

    /// <summary>
    /// Whether credits fit on the balance, and go on to until the transaction ends: no other order of the account is opened meanwhile.
    /// </summary>
    public static async Task<bool> LockRoomAsync(
        NpgsqlTransaction transaction, long accountId, long credits, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(LockAccount, new { accountId }, transaction, cancellationToken: cancellationToken));

        // A statement of its own, after the lock: it sees what the transaction that had the lock before has done.
        var parameters = new { accountId, credits, orderId = (long?)null, most = CreditBounds.Balance };
        return await transaction.Connection!.QuerySingleOrDefaultAsync<bool>(
            new CommandDefinition(HasRoom, parameters, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Whether an order's credits fit on the balance, beside all other orders that are open.</summary>
    public async Task<bool> HasRoomAsync(OrderRow order, CancellationToken cancellationToken)
    {
        var parameters =
            new { accountId = order.AccountId, credits = order.Credits, orderId = (long?)order.Id, most = CreditBounds.Balance };
        return await database.QuerySingleOrDefaultAsync<bool>(HasRoom, parameters, cancellationToken);
    }

    public Task<OrderRow?> FindByKeyAsync(long accountId, string? idempotencyKey, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<OrderRow?>(FindByKey, new { accountId, idempotencyKey }, cancellationToken);

    /// <summary>Null when the idempotency key, the subscription's month or the account's one open recharge is taken.</summary>
    public Task<OrderRow?> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, NewOrder order, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(order);
        parameters.Add("Now", time.GetUtcNow());
        parameters.Add("RetryAt", time.GetUtcNow() + Patience);
        return connection.QuerySingleOrDefaultAsync<OrderRow?>(
            new CommandDefinition(Insert, parameters, transaction, cancellationToken: cancellationToken));
    }

    /// <param name="id">The order's number.</param>
    /// <param name="accountId">The only account that may see it; null for the gateway itself.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<OrderRow?> FindAsync(long id, long? accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<OrderRow>(Find, new { id, accountId }, cancellationToken);

    public Task NotePaymentAsync(
        long id, string? paymentId, string? checkoutId, string? paymentUrl, CancellationToken cancellationToken) =>
        ExecuteAsync(NotePayment, new { id, paymentId, checkoutId, paymentUrl }, cancellationToken);

    /// <summary>The order as it stands afterwards: somebody else may have moved it first.</summary>
    public async Task<OrderRow> SettleAsync(OrderRow order, string status, OrderFacts facts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var settled = await SettleAsync(transaction, order.Id, status, facts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return settled
            ?? await connection.QuerySingleAsync<OrderRow>(
                new CommandDefinition(Find, new { id = order.Id, accountId = (long?)null }, cancellationToken: cancellationToken));
    }

    /// <summary>
    /// Null when the order is not where it could be moved from. A subscription starts, or goes on, in the transaction that
    /// notes its payment.
    /// </summary>
    public async Task<OrderRow?> SettleAsync(
        NpgsqlTransaction transaction, long id, string status, OrderFacts facts, CancellationToken cancellationToken)
    {
        if (status == OrderStatus.Paid)
        {
            await paid.LockAsync(transaction, id, cancellationToken);
        }
        else if (status == OrderStatus.Fulfilled)
        {
            await fulfilled.LockAsync(transaction, id, cancellationToken);
        }

        var now = time.GetUtcNow();
        var parameters = new
        {
            id,
            status,
            before = OrderStatus.Before(status),
            paymentId = facts.PaymentId,
            paidCents = facts.PaidCents,
            refusal = facts.Refusal,
            balanceAfter = facts.BalanceAfter,
            now,
            retryAt = now + Patience,
        };
        var order = await transaction.Connection!.QuerySingleOrDefaultAsync<OrderRow>(
            new CommandDefinition(Settle, parameters, transaction, cancellationToken: cancellationToken));
        if (order is { Status: OrderStatus.Paid })
        {
            await paid.NoteAsync(transaction, order, now, cancellationToken);
        }
        else if (order is { Status: OrderStatus.Fulfilled })
        {
            await fulfilled.NoteAsync(transaction, order, cancellationToken);
        }

        return order;
    }

    /// <summary>The order, paid on a page from now on, unless it is not pending any more.</summary>
    public async Task<OrderRow> MakeHostedAsync(OrderRow order, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<long?>(MakeHosted, new { id = order.Id }, cancellationToken) is null
            ? await FindAsync(order.Id, null, cancellationToken) ?? order
            : order with { Hosted = true, SavesMethod = true };

    public Task PostponeAsync(long id, TimeSpan pause, CancellationToken cancellationToken) =>
        ExecuteAsync(Postpone, new { id, retryAt = time.GetUtcNow() + pause }, cancellationToken);

    public Task<IReadOnlyList<OrderRow>> ListOpenAsync(long after, int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<OrderRow>(ListOpen, new { now = time.GetUtcNow(), after, limit }, cancellationToken);

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(sql, parameters, cancellationToken);
    }
}

/// <summary>What is learnt about an order when it moves; null: nothing new.</summary>
internal readonly record struct OrderFacts(
    string? PaymentId = null, string? Refusal = null, long? BalanceAfter = null, long? PaidCents = null);
