using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>Payment methods that customers save or take off at the provider. Only those of customers that are ours count.</summary>
internal sealed class MethodEvents : IPaymentEventTaker
{
    public async Task<EventResult?> TakeAsync(EventContext context, CancellationToken cancellationToken)
    {
        var said = context.Said;
        if (said.Kind is not (PaymentEventKind.MethodSaved or PaymentEventKind.MethodGone))
        {
            return null;
        }

        var account = said.CustomerId is { } customer
            ? await PaymentCustomers.FindAccountAsync(context.Transaction, context.Channel, customer, cancellationToken)
            : null;
        if (account is not { } accountId || said.Method is not { } method)
        {
            return new EventResult(EventOutcome.NothingToDo);
        }

        await (said.Kind == PaymentEventKind.MethodSaved
            ? PaymentMethods.SaveAsync(context.Transaction, accountId, context.Channel, method, cancellationToken)
            : PaymentMethods.DeleteAsync(context.Transaction, accountId, context.Channel, method.MethodId, cancellationToken));
        return new EventResult(EventOutcome.Noted);
    }

    public Task FinishAsync(EventResult result, CancellationToken cancellationToken) => Task.CompletedTask;
}
