using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>
/// Orders and charges each month that is due, and tries those again that were refused. A try has one order, by a unique index, whichever
/// gateway makes it; one that a crash leaves unpaid is the order sweeper's. Of a paid year the months that were missed are all given.
/// </summary>
internal sealed class SubscriptionRenewal(SubscriptionMonths months, OrderFlow flow, ILogger<SubscriptionRenewal> logger)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private const int Most = 1000;

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await months.NoteRefusalsAsync(cancellationToken);
        await PayAllAsync(months.OrderNextAsync, cancellationToken);
        await PayAllAsync(months.OrderAgainAsync, cancellationToken);
        await months.NoteRefusalsAsync(cancellationToken);
        await months.EndCanceledAsync(cancellationToken);
    }

    private async Task PayAllAsync(Func<CancellationToken, Task<OrderRow?>> next, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Most && await next(cancellationToken) is { } order; i++)
        {
            var settled = await flow.AdvanceAsync(order, null, cancellationToken);
            logger.LogInformation(
                "Subscription {Subscription}, month {Period}: order {Order} is {Status}",
                order.SubscriptionId, order.Period, order.Reference, settled.Status);
        }
    }
}
