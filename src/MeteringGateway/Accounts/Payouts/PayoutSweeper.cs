using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Accounts.Payouts;

/// <summary>Finishes rows that a crash, an outage or a slow payment left open. Any number of gateways may do it at once.</summary>
internal sealed class PayoutSweeper<TRow>(IUnfinishedRows<TRow> rows, ILogger<PayoutSweeper<TRow>> logger)
    where TRow : class, IPayoutRow
{
    private const int PageSize = 100;

    public Task SweepAsync(CancellationToken cancellationToken) => Sweep.RunAsync(
        default(Place),
        after => rows.ListUnfinishedAsync(after.Row, PageSize, cancellationToken),
        row => new Place(row),
        row => FinishAsync(row, cancellationToken),
        logger,
        cancellationToken);

    private async Task FinishAsync(TRow row, CancellationToken cancellationToken)
    {
        var finished = await rows.FinishAsync(row, cancellationToken);
        if (finished.Status != row.Status)
        {
            logger.LogInformation("{EntryId} was left {Before} and is now {Status}", row.EntryId, row.Status, finished.Status);
        }
    }

    /// <summary>A log names a row by its entry id and shows nothing else of it.</summary>
    private readonly record struct Place(TRow? Row)
    {
        public override string ToString() => Row?.EntryId ?? "";
    }
}
