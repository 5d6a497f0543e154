using MeteringGateway.Credits;
using MeteringGateway.Storage;

namespace MeteringGateway.Accounts;

/// <summary>Finishes manual credits that a crash or an outage left between PostgreSQL and Redis. Any number of gateways may do it at once.</summary>
internal sealed class ManualCreditSweeper(ManualCreditStore store, ManualCreditFlow flow, TimeProvider time, ILogger<ManualCreditSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a request takes to settle what it recorded.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);
    private const int PageSize = 100;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Finishing manual credits", Pause, cancellationToken => SweepAsync(Age, cancellationToken), time, logger, stoppingToken);

    internal Task SweepAsync(TimeSpan age, CancellationToken cancellationToken) => Sweep.RunAsync(
        0L, after => store.ListPendingAsync(age, after, PageSize, cancellationToken), row => row.Id, row => FinishAsync(row, cancellationToken), logger, cancellationToken);

    private async Task FinishAsync(ManualCreditRow row, CancellationToken cancellationToken)
    {
        var outcome = await flow.SettleAsync(row, cancellationToken);
        if (outcome.Credit.Status != CreditStatus.Unavailable)
        {
            logger.LogInformation("Manual credit {EntryId} was left unfinished and is now {Status}", row.EntryId, outcome.Row.Status);
        }
    }
}
