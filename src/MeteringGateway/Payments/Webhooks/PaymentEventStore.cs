using Dapper;
using MeteringGateway.Orders;
using MeteringGateway.Storage;
using Npgsql;

namespace MeteringGateway.Payments.Webhooks;

/// <summary>Takes each event once: its row and what it does to its order are one transaction, so a delivery that is cut off leaves nothing behind.</summary>
internal sealed class PaymentEventStore(NpgsqlDataSource books, OrderStore orders)
{
    private static readonly string Insert = SqlFile.Read("Payments/Webhooks/insert-payment-event.sql");
    private static readonly string NoteOutcome = SqlFile.Read("Payments/Webhooks/note-event-outcome.sql");
    private static readonly string FindOrder = SqlFile.Read("Orders/find-order.sql");
    private static readonly string FindPayment = SqlFile.Read("Payments/Webhooks/find-order-of-payment.sql");

    /// <summary>The order as it then stands; null where there is none.</summary>
    public async Task<(EventOutcome Outcome, OrderRow? Order)> TakeAsync(string channel, PaymentEvent said, bool isLive, CancellationToken cancellationToken)
    {
        await using var connection = await books.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var orderId = OrderRow.IdOf(said.OrderReference);

        // Waits for a transaction that is taking the same event, and then takes nothing.
        var row = new { channel, eventId = said.Id, kind = said.Type, orderId, paymentId = said.PaymentId };
        var isNew = await connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken)) > 0;
        if (!isNew)
        {
            return (EventOutcome.Repeated, await FindOrderAsync(transaction, orderId, cancellationToken));
        }

        OrderRow? order, moved;
        EventOutcome outcome;
        do
        {
            // Nothing moved: another event, or a sweeper, came between look and move. What is true now decides, or a second payment would pass for the first.
            order = await FindOrderAsync(transaction, orderId, cancellationToken);
            var other = said.PaymentId is null ? null : await connection.QuerySingleOrDefaultAsync<long?>(
                new CommandDefinition(FindPayment, new { channel, paymentId = said.PaymentId }, transaction, cancellationToken: cancellationToken));
            outcome = EventRules.Decide(channel, said, isLive, order, other);
            moved = EventRules.StatusAfter(outcome) is { } status ? await MoveAsync(transaction, order!, status, said, cancellationToken) : order;
        }
        while (moved is null && order is not null);

        var noted = new { channel, eventId = said.Id, outcome = outcome.ToString() };
        await connection.ExecuteAsync(new CommandDefinition(NoteOutcome, noted, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return (outcome, moved);
    }

    private static Task<OrderRow?> FindOrderAsync(NpgsqlTransaction transaction, long? id, CancellationToken cancellationToken) =>
        id is null ? Task.FromResult<OrderRow?>(null) : transaction.Connection!.QuerySingleOrDefaultAsync<OrderRow?>(
            new CommandDefinition(FindOrder, new { id, accountId = (long?)null }, transaction, cancellationToken: cancellationToken));

    /// <summary>Null: the order is no longer where it was.</summary>
    private Task<OrderRow?> MoveAsync(NpgsqlTransaction transaction, OrderRow order, string status, PaymentEvent said, CancellationToken cancellationToken)
    {
        var facts = new OrderFacts(said.PaymentId, status == OrderStatus.Paid ? null : $"The payment provider said {said.Type}.");
        return orders.SettleAsync(transaction, order.Id, status, facts, cancellationToken);
    }
}
