using System.Runtime.ExceptionServices;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Visits every row that waits, page by page: rows of a partition that can't be asked must neither stand before the others nor
/// end the round.
/// </summary>
internal static class Sweep
{
    /// <param name="start">Below every row's place.</param>
    /// <param name="list">The next page after a place, in the order of places; an empty one is the end.</param>
    /// <param name="placeOf">Where a row stands.</param>
    /// <param name="finish">Its work. A store that is away is thrown once every row has had its turn, for <see cref="RetryLoop"/> to log
    /// once an outage.</param>
    /// <param name="logger">Gets the rows that failed otherwise.</param>
    /// <param name="cancellationToken">Ends the round at once.</param>
    public static async Task RunAsync<TRow, TPlace>(
        TPlace start, Func<TPlace, Task<IReadOnlyList<TRow>>> list, Func<TRow, TPlace> placeOf, Func<TRow, Task> finish,
        ILogger logger, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? away = null;
        IReadOnlyList<TRow> page;
        for (var after = start; (page = await list(after)).Count > 0; after = placeOf(page[^1]))
        {
            foreach (var row in page)
            {
                try
                {
                    await finish(row);
                }
                catch (Exception e) when (RetryLoop.IsAway(e))
                {
                    away ??= ExceptionDispatchInfo.Capture(e);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    logger.LogError(e, "The row at {Place} failed; the others go on", placeOf(row));
                }
            }
        }

        away?.Throw();
    }
}
