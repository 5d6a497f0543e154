using Npgsql;

namespace MeteringGateway.Sales.Orders;

/// <summary>
/// What a payment starts beside the order's credits, in the transaction that notes the payment. What is sold that way stands above orders
/// and knows them; an order can't know it.
/// </summary>
internal interface IOrderPaid
{
    /// <summary>Before the order is touched: takes what locks <see cref="NoteAsync"/> is going to need.</summary>
    Task LockAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken);

    /// <summary>The order is paid now.</summary>
    Task NoteAsync(NpgsqlTransaction transaction, OrderRow order, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What the arrival of an order's credits starts, likewise.</summary>
internal interface IOrderFulfilled
{
    /// <summary>Before the order is touched: takes what locks <see cref="NoteAsync"/> is going to need.</summary>
    Task LockAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken);

    /// <summary>The account has the order's credits now.</summary>
    Task NoteAsync(NpgsqlTransaction transaction, OrderRow order, CancellationToken cancellationToken);

    /// <summary>
    /// After the transaction: does what was noted. The order as its maker is to see it; what can't be done now is done later by itself.
    /// </summary>
    Task<OrderRow> FollowAsync(OrderRow order, CancellationToken cancellationToken);
}
