using MeteringGateway.Orders;
using MeteringGateway.Storage;

namespace MeteringGateway.AutoRecharge;

/// <summary>
/// Buys for accounts whose balance in the books has fallen below their threshold. The books are at most a flush behind, and nothing on a
/// call's way has to know of it. Any number of gateways may watch at once; a purchase that a crash interrupts is the order sweeper's.
/// </summary>
internal sealed class AutoRechargeWatcher(AutoRechargeStore store, OrderFlow flow, TimeProvider time, ILogger<AutoRechargeWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int BatchSize = 200;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Recharging accounts", Pause, WatchAsync, time, logger, stoppingToken);

    internal async Task WatchAsync(CancellationToken cancellationToken)
    {
        foreach (var accountId in await store.ListLowAsync(BatchSize, cancellationToken))
        {
            if (await store.ClaimAsync(accountId, cancellationToken) is not { } order)
            {
                continue;
            }

            var settled = await flow.AdvanceAsync(order, null, cancellationToken);
            logger.LogInformation("Account {Account} is below its threshold: order {Order} is {Status}", accountId, order.Reference, settled.Status);
            if (settled.Status is OrderStatus.Declined or OrderStatus.Canceled)
            {
                await store.PauseAsync(accountId, settled.Refusal, cancellationToken);
            }
        }
    }
}
