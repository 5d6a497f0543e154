using MeteringGateway.Storage;

namespace MeteringGateway.Rewards;

/// <summary>Pays rewards that a crash or an outage left between PostgreSQL and Redis. Any number of gateways may do it at once.</summary>
internal sealed class RewardSweeper(RewardPayout payout, TimeProvider time, ILogger<RewardSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a request takes to pay what it recorded.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);
    private const int BatchSize = 100;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Paying rewards", Pause, cancellationToken => SweepAsync(Age, cancellationToken), time, logger, stoppingToken);

    internal async Task SweepAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        foreach (var row in await payout.ListPendingAsync(age, BatchSize, cancellationToken))
        {
            // One that still can't be paid waits for its turn to come again; another partition may be served.
            var paid = await payout.PayAsync(row, cancellationToken);
            if (paid.Status != RewardRow.Pending)
            {
                logger.LogInformation("Reward {EntryId} was left unfinished and is now {Status}", row.EntryId, paid.Status);
            }
        }
    }
}
