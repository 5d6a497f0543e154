using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using Npgsql;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>A subscription starts, or goes on, with the payment of its month.</summary>
internal sealed class SubscriptionStart : IOrderPaid
{
    private static readonly string Lock = SqlFile.Read("Sales/Subscriptions/lock-subscription.sql");
    private static readonly string Activate = SqlFile.Read("Sales/Subscriptions/activate-subscription.sql");

    public Task LockAsync(NpgsqlTransaction transaction, long orderId, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Lock, new { id = orderId }, transaction, cancellationToken: cancellationToken));

    public Task NoteAsync(NpgsqlTransaction transaction, OrderRow order, DateTimeOffset now, CancellationToken cancellationToken) =>
        order.SubscriptionId is not { } subscription ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Activate,
            new { subscription, period = order.Period, orderedAt = order.CreatedAt, now },
            transaction,
            cancellationToken: cancellationToken));
}
