using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Sales.PaymentEvents;

/// <summary>Which order an event is about.</summary>
internal static class OrderFinder
{
    private static readonly string Find = SqlFile.Read("Sales/Orders/find-order.sql");
    private static readonly string FindByCheckout = SqlFile.Read("Sales/PaymentEvents/find-order-of-checkout.sql");
    private static readonly string FindByPayment = SqlFile.Read("Sales/PaymentEvents/find-order-of-payment.sql");

    /// <summary>
    /// The first order of this channel that the event names; else, of one that names none, the order that was sent to its page or paid by
    /// its payment; else the first that it names at all, for the record.
    /// </summary>
    public static async Task<OrderRow?> FindAsync(EventContext context, CancellationToken cancellationToken)
    {
        var named = context.OwnOf(context.Said.References).Select(OrderRow.IdOf).OfType<long>().ToList();
        OrderRow? first = null;
        foreach (var id in named)
        {
            if (await FindAsync(context, id, cancellationToken) is not { } order)
            {
                continue;
            }

            if (order.Channel == context.Channel)
            {
                return order;
            }

            first ??= order;
        }

        if (named.Count > 0)
        {
            return first;
        }

        var found = await ByAsync(context, FindByCheckout, context.Said.CheckoutId, cancellationToken)
            ?? await ByAsync(context, FindByPayment, context.Said.PaymentId, cancellationToken);
        return found is { } known ? await FindAsync(context, known, cancellationToken) : null;
    }

    public static Task<OrderRow?> FindAsync(EventContext context, long id, CancellationToken cancellationToken) =>
        context.Transaction.Connection!.QuerySingleOrDefaultAsync<OrderRow?>(new CommandDefinition(
            Find, new { id, accountId = (long?)null }, context.Transaction, cancellationToken: cancellationToken));

    /// <summary>The order that a payment has paid, under whichever of its names. Null: none.</summary>
    public static Task<long?> OfPaymentAsync(EventContext context, string? paymentId, CancellationToken cancellationToken) =>
        ByAsync(context, FindByPayment, paymentId, cancellationToken);

    private static Task<long?> ByAsync(EventContext context, string sql, string? id, CancellationToken cancellationToken) =>
        id is null ? Task.FromResult<long?>(null) : context.Transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            sql, new { channel = context.Channel, id }, context.Transaction, cancellationToken: cancellationToken));
}
