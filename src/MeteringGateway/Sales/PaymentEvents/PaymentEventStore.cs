using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>
/// Takes each event once: its row and what it does to its order are one transaction, so a delivery that is cut off leaves nothing behind.
/// </summary>
internal sealed class PaymentEventStore(NpgsqlDataSource database, OrderStore orders)
{
    /// <summary>The second sees what the first has done; more than that is a bug that should be seen.</summary>
    private const int Attempts = 5;

    private static readonly string Insert = SqlFile.Read("Sales/PaymentEvents/insert-payment-event.sql");
    private static readonly string NoteOutcome = SqlFile.Read("Sales/PaymentEvents/note-event-outcome.sql");
    private static readonly string FindOrder = SqlFile.Read("Sales/Orders/find-order.sql");
    private static readonly string FindPayment = SqlFile.Read("Sales/PaymentEvents/find-order-of-payment.sql");

    /// <summary>The order as it then stands; null where there is none.</summary>
    public async Task<(EventOutcome Outcome, OrderRow? Order)> TakeAsync(
        string channel, PaymentEvent said, bool isLive, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryTakeAsync(channel, said, isLive, cancellationToken);
            }
            catch (PostgresException e)
                when (attempt < Attempts && e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
            {
                // Two events of one payment for two orders: the one that came second waited at the index, and now sees whose payment it is.
            }
        }
    }

    private async Task<(EventOutcome Outcome, OrderRow? Order)> TryTakeAsync(
        string channel, PaymentEvent said, bool isLive, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var orderId = await AddresseeAsync(transaction, channel, said, cancellationToken);

        // Waits for a transaction that is taking the same event, and then takes nothing.
        var row = new { channel, eventId = said.Id, kind = said.Type, orderId, paymentId = said.PaymentId };
        var isNew =
            await connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken)) > 0;
        if (!isNew)
        {
            return (EventOutcome.Repeated, await FindOrderAsync(transaction, orderId, cancellationToken));
        }

        OrderRow? order, moved;
        EventOutcome outcome;
        do
        {
            // Nothing moved: another event, or a sweeper, came between look and move. What is true now decides,
            // or a second payment would pass for the first.
            order = await FindOrderAsync(transaction, orderId, cancellationToken);
            var other = said.PaymentId is null ? null : await connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
                FindPayment, new { channel, paymentId = said.PaymentId }, transaction, cancellationToken: cancellationToken));
            outcome = EventRules.Decide(channel, said, isLive, order, other);
            moved = EventRules.StatusAfter(outcome) is { } status
                ? await MoveAsync(transaction, order!, status, said, cancellationToken)
                : order;
        }
        while (moved is null && order is not null);

        var noted = new { channel, eventId = said.Id, outcome = outcome.ToString() };
        await connection.ExecuteAsync(new CommandDefinition(NoteOutcome, noted, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return (outcome, moved);
    }

    /// <summary>
    /// The first order of this channel that the event names; where none is, the first that it names at all, for the record.
    /// </summary>
    private static async Task<long?> AddresseeAsync(
        NpgsqlTransaction transaction, string channel, PaymentEvent said, CancellationToken cancellationToken)
    {
        var named = said.References.Select(OrderRow.IdOf).OfType<long>().ToList();
        foreach (var id in named)
        {
            if (await FindOrderAsync(transaction, id, cancellationToken) is { } order && order.Channel == channel)
            {
                return id;
            }
        }

        return named.Count > 0 ? named[0] : null;
    }

    private static Task<OrderRow?> FindOrderAsync(NpgsqlTransaction transaction, long? id, CancellationToken cancellationToken) =>
        id is null ? Task.FromResult<OrderRow?>(null) : transaction.Connection!.QuerySingleOrDefaultAsync<OrderRow?>(
            new CommandDefinition(FindOrder, new { id, accountId = (long?)null }, transaction, cancellationToken: cancellationToken));

    /// <summary>Null: the order is no longer where it was.</summary>
    private Task<OrderRow?> MoveAsync(
        NpgsqlTransaction transaction, OrderRow order, string status, PaymentEvent said, CancellationToken cancellationToken)
    {
        var facts = new OrderFacts(said.PaymentId, status == OrderStatus.Paid ? null : $"The payment provider said {said.Type}.");
        return orders.SettleAsync(transaction, order.Id, status, facts, cancellationToken);
    }
}
