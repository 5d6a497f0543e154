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
        var order = orderId is null ? null : await connection.QuerySingleOrDefaultAsync<OrderRow?>(
            new CommandDefinition(FindOrder, new { id = orderId, accountId = (long?)null }, transaction, cancellationToken: cancellationToken));
        if (!isNew)
        {
            return (EventOutcome.Repeated, order);
        }

        var other = said.PaymentId is null ? null : await connection.QuerySingleOrDefaultAsync<long?>(
            new CommandDefinition(FindPayment, new { channel, paymentId = said.PaymentId }, transaction, cancellationToken: cancellationToken));
        var outcome = EventRules.Decide(channel, said, isLive, order, other);
        if (EventRules.StatusAfter(outcome) is { } status)
        {
            var facts = new OrderFacts(said.PaymentId, status == OrderStatus.Paid ? null : $"The payment provider said {said.Type}.");
            var moved = await orders.SettleAsync(transaction, order!.Id, status, facts, cancellationToken);
            (outcome, order) = moved is null ? (EventOutcome.NothingToDo, order) : (outcome, moved);
        }

        var noted = new { channel, eventId = said.Id, outcome = outcome.ToString() };
        await connection.ExecuteAsync(new CommandDefinition(NoteOutcome, noted, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return (outcome, order);
    }
}
