using MeteringGateway.Sales.PaymentEvents;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.Reversals;

/// <summary>
/// Refunds and disputes as providers tell of them, and the names of payments by which a refund that was told of before finds its order.
/// </summary>
internal sealed class ReversalEvents(ReversalBook book, MovementFlow movements) : IPaymentEventTaker
{
    public async Task<EventResult?> TakeAsync(EventContext context, CancellationToken cancellationToken)
    {
        var said = context.Said;
        if (said.Kind != PaymentEventKind.Reversed && said.Aliases.Count == 0)
        {
            return null;
        }

        // The account's lock before the refund's row, in the order of all that writes of the account's refunds.
        var found = await OrderFinder.OfPaymentAsync(context, said.PaymentId, cancellationToken);
        if (found is { } order)
        {
            await ReversalBook.LockAsync(context.Transaction, order, cancellationToken);
        }

        if (said is { Kind: PaymentEventKind.Reversed, Reversal: { } reversal, PaymentId: { } reversed })
        {
            await ReversalBook.NoteAsync(context.Transaction, context.Channel, reversed, said.Currency, reversal, cancellationToken);
        }

        if (found is not { } orderId)
        {
            return said.Kind == PaymentEventKind.Reversed ? new EventResult(EventOutcome.UnknownPayment) : null;
        }

        await book.BookAsync(context.Transaction, orderId, cancellationToken);
        if (said.Kind == PaymentEventKind.Reversed && said.Currency is { } currency
            && await OrderFinder.FindAsync(context, orderId, cancellationToken) is { } paid && paid.Currency != currency)
        {
            return new EventResult(EventOutcome.WrongAmount, paid);
        }

        return said.Kind is PaymentEventKind.Reversed or PaymentEventKind.Named
            ? new EventResult(EventOutcome.Noted, await OrderFinder.FindAsync(context, orderId, cancellationToken))
            : null;
    }

    public Task FinishAsync(EventResult result, CancellationToken cancellationToken) =>
        result.Order is { } order ? movements.FinishAllAsync(order.AccountId, cancellationToken) : Task.CompletedTask;
}
