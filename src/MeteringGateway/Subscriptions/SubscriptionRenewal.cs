using MeteringGateway.Orders;
using MeteringGateway.Storage;

namespace MeteringGateway.Subscriptions;

/// <summary>
/// Orders and charges each month that is due. A month has one order, by a unique index, whichever gateway makes it; one that a crash
/// leaves unpaid is the order sweeper's. A gateway that was away for months catches up one by one.
/// </summary>
internal sealed class SubscriptionRenewal(SubscriptionStore subscriptions, OrderFlow flow, TimeProvider time, ILogger<SubscriptionRenewal> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private const int Most = 1000;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Renewing subscriptions", Pause, RenewAsync, time, logger, stoppingToken);

    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Most && await subscriptions.OrderNextMonthAsync(cancellationToken) is { } order; i++)
        {
            var settled = await flow.AdvanceAsync(order, null, cancellationToken);
            logger.LogInformation("Subscription {Subscription}, month {Period}: order {Order} is {Status}", order.SubscriptionId, order.Period, order.Reference, settled.Status);
        }

        await subscriptions.MarkPastDueAsync(cancellationToken);
    }
}
