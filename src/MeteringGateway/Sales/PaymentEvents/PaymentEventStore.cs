using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;
using Npgsql;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>
/// Takes each event once: its row and what it does are one transaction, so a delivery that is cut off leaves nothing behind.
/// </summary>
internal sealed class PaymentEventStore(
    NpgsqlDataSource database, IEnumerable<IPaymentEventTaker> takers, PaymentChannels channels, Installation installation)
{
    /// <summary>The second sees what the first has done; more than that is a bug that should be seen.</summary>
    private const int Attempts = 5;

    /// <summary>One more whenever kinds of events are read that were put aside before: those come again in a provider's list.</summary>
    private const int Reader = 2;

    private static readonly string Insert = SqlFile.Read("Sales/PaymentEvents/insert-payment-event.sql");
    private static readonly string NoteAlias = SqlFile.Read("Sales/PaymentEvents/note-alias.sql");
    private static readonly string NoteOutcome = SqlFile.Read("Sales/PaymentEvents/note-event-outcome.sql");

    /// <param name="webhook">Whose event it is.</param>
    /// <param name="said">What it says.</param>
    /// <param name="body">As it came, to be kept; null: it came on another way.</param>
    /// <param name="cancellationToken">The provider's; an event that was cut off comes again.</param>
    public async Task<EventResult> TakeAsync(
        IPaymentWebhook webhook, PaymentEvent said, string? body, CancellationToken cancellationToken)
    {
        var name = await installation.NameAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryTakeAsync(webhook, said, body, name, cancellationToken);
            }
            catch (PostgresException e)
                when (attempt < Attempts && e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
            {
                // Two events of one payment for two orders: the one that came second waited at the index, and now sees whose payment it is.
            }
        }
    }

    private async Task<EventResult> TryTakeAsync(
        IPaymentWebhook webhook, PaymentEvent said, string? body, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var context = new EventContext(transaction, webhook.Channel, said, name, !channels.IsReal(webhook.Channel));

        // Waits for a transaction that is taking the same event, and then takes nothing.
        var row = new
        {
            channel = webhook.Channel,
            eventId = said.Id,
            kind = said.Type,
            paymentId = said.PaymentId,
            body,
            apiVersion = said.ApiVersion,
            occurredAt = said.OccurredAt,
            reader = Reader,
        };
        var inserted =
            await connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: cancellationToken));
        if (inserted == 0)
        {
            return new EventResult(EventOutcome.Repeated, await OrderFinder.FindAsync(context, cancellationToken));
        }

        var result = await TakeNewAsync(context, webhook.LiveMode, cancellationToken);
        var noted = new
        {
            channel = webhook.Channel,
            eventId = said.Id,
            orderId = result.Order?.Id,
            outcome = result.Outcome.ToString(),
            needsPerson = EventRules.NeedsAPerson(said, result.Outcome),
        };
        await connection.ExecuteAsync(new CommandDefinition(NoteOutcome, noted, transaction, cancellationToken: cancellationToken));
        FaultPoint.Hit("event-before-commit");
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private async Task<EventResult> TakeNewAsync(EventContext context, bool isLive, CancellationToken cancellationToken)
    {
        var said = context.Said;
        if (said.Kind == PaymentEventKind.Other)
        {
            return new EventResult(EventOutcome.NothingToDo);
        }

        if (EventRules.IsOfOtherMode(said, isLive))
        {
            return new EventResult(EventOutcome.WrongMode, await OrderFinder.FindAsync(context, cancellationToken));
        }

        if (said.Kind == PaymentEventKind.UnknownShape)
        {
            return new EventResult(EventOutcome.UnknownShape, await OrderFinder.FindAsync(context, cancellationToken));
        }

        if (said.PaymentId is { } payment)
        {
            foreach (var alias in said.Aliases.Where(alias => alias != payment))
            {
                var name = new { channel = context.Channel, alias, payment };
                await context.Transaction.Connection!.ExecuteAsync(
                    new CommandDefinition(NoteAlias, name, context.Transaction, cancellationToken: cancellationToken));
            }
        }

        EventResult? first = null;
        foreach (var taker in takers)
        {
            var result = await taker.TakeAsync(context, cancellationToken);
            first ??= result;
        }

        var taken = first ?? new EventResult(EventOutcome.NothingToDo);
        if (said.CustomerId is { } customer && taken is { Order: { } order, Outcome: EventOutcome.Paid or EventOutcome.Noted })
        {
            await PaymentCustomers.KeepAsync(context.Transaction, order.AccountId, context.Channel, customer, cancellationToken);
        }

        return taken;
    }
}
