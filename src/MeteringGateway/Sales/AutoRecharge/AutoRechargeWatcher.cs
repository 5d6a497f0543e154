using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Orders;

namespace MeteringGateway.Sales.AutoRecharge;

/// <summary>
/// Buys for accounts whose balance in the ledger has fallen below their threshold. The ledger is at most a flush behind, and nothing on a
/// call's way has to know of it. Any number of gateways may watch at once; a purchase that a crash interrupts is the order sweeper's.
/// </summary>
internal sealed class AutoRechargeWatcher(RechargeClaims claims, OrderFlow flow, ILogger<AutoRechargeWatcher> logger)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int BatchSize = 200;

    /// <summary>Payments under way at once: a provider that hangs for some holds up a few places and no more than one time-out.</summary>
    private const int AtOnce = 16;

    /// <summary>Every account that is due, page by page: those that stay on the list must not stand before the others.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(AtOnce);
        var running = new List<Task>();
        try
        {
            await Sweep.RunAsync(
                0L, after => claims.ListDueAsync(after, BatchSize, cancellationToken), accountId => accountId,
                StartAsync, logger, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(running);
        }

        async Task StartAsync(long accountId)
        {
            await places.WaitAsync(cancellationToken);
            running.Add(BuyAsync(accountId, places, cancellationToken));
        }
    }

    private async Task BuyAsync(long accountId, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            if (await claims.ClaimAsync(accountId, cancellationToken) is not { } order)
            {
                return;
            }

            var settled = await flow.AdvanceAsync(order, null, cancellationToken);
            logger.LogInformation(
                "Account {Account} is below its threshold: order {Order} is {Status}", accountId, order.Reference, settled.Status);
            if (settled.Status is OrderStatus.Declined or OrderStatus.Canceled)
            {
                await claims.NoteRefusalAsync(accountId, settled.Refusal, cancellationToken);
            }
        }
        finally
        {
            places.Release();
        }
    }
}
