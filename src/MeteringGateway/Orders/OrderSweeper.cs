using MeteringGateway.Storage;

namespace MeteringGateway.Orders;

/// <summary>Finishes orders that a crash, an outage or a slow payment left open. Any number of gateways may do it at once.</summary>
internal sealed class OrderSweeper(OrderStore store, OrderFlow flow, TimeProvider time, ILogger<OrderSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private const int PageSize = 100;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Finishing orders", Pause, SweepAsync, time, logger, stoppingToken);

    internal Task SweepAsync(CancellationToken cancellationToken) => Sweep.RunAsync(
        0L, after => store.ListOpenAsync(after, PageSize, cancellationToken), order => order.Id, order => FinishAsync(order, cancellationToken), logger, cancellationToken);

    private async Task FinishAsync(OrderRow order, CancellationToken cancellationToken)
    {
        var resumed = await flow.ResumeAsync(order, cancellationToken);
        if (resumed.Status != order.Status)
        {
            logger.LogInformation("Order {Order} was left {Before} and is now {Status}", order.Reference, order.Status, resumed.Status);
        }
    }
}
