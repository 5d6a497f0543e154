using MeteringGateway.Sales.Orders;
using MeteringGateway.Sales.Payments;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>The payments of orders: <see cref="EventRules"/> decides, and the order moves.</summary>
internal sealed class OrderEvents(OrderStore store, OrderFlow flow) : IPaymentEventTaker
{
    public async Task<EventResult?> TakeAsync(EventContext context, CancellationToken cancellationToken)
    {
        var said = context.Said;
        if (said.Kind is not (PaymentEventKind.Paid or PaymentEventKind.Failed or PaymentEventKind.Expired))
        {
            return null;
        }

        if (context.IsForeign(said.References))
        {
            return new EventResult(EventOutcome.OtherInstallation);
        }

        while (true)
        {
            // What is true now decides, or a second payment would pass for the first.
            var order = await OrderFinder.FindAsync(context, cancellationToken);
            var other = await OrderFinder.OfPaymentAsync(context, said.PaymentId, cancellationToken);
            var outcome = EventRules.Decide(context.Channel, said, order, other);
            if (EventRules.StatusAfter(outcome) is not { } status)
            {
                return new EventResult(outcome, order);
            }

            var facts = new OrderFacts(
                said.PaymentId, status == OrderStatus.Paid ? null : $"The payment provider said {said.Type}.", PaidCents: said.PaidCents);
            if (await store.SettleAsync(context.Transaction, order!.Id, status, facts, cancellationToken) is { } moved)
            {
                return new EventResult(outcome, moved);
            }

            // Nothing moved: another event, or a sweeper, came between look and move.
        }
    }

    public Task FinishAsync(EventResult result, CancellationToken cancellationToken) =>
        result.Order is { } order ? flow.FulfilAsync(order, cancellationToken) : Task.CompletedTask;
}
