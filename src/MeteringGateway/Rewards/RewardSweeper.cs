using MeteringGateway.Storage;

namespace MeteringGateway.Rewards;

/// <summary>Pays rewards that a crash or an outage left between PostgreSQL and Redis. Any number of gateways may do it at once.</summary>
internal sealed class RewardSweeper(RewardPayout payout, TimeProvider time, ILogger<RewardSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a request takes to pay what it recorded.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);
    private const int PageSize = 100;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Paying rewards", Pause, cancellationToken => SweepAsync(Age, cancellationToken), time, logger, stoppingToken);

    internal Task SweepAsync(TimeSpan age, CancellationToken cancellationToken) => Sweep.RunAsync(
        "", after => payout.ListPendingAsync(age, after, PageSize, cancellationToken), row => row.EntryId, row => FinishAsync(row, cancellationToken), logger, cancellationToken);

    private async Task FinishAsync(RewardRow row, CancellationToken cancellationToken)
    {
        var paid = await payout.PayAsync(row, cancellationToken);
        if (paid.Status != RewardRow.Pending)
        {
            logger.LogInformation("Reward {EntryId} was left unfinished and is now {Status}", row.EntryId, paid.Status);
        }
    }
}
