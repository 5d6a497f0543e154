using System.Runtime.ExceptionServices;

namespace MeteringGateway.Ledger.Background;

/// <summary>
/// Visits every waiting row, page by page, without head-of-line blocking: a row whose partition is unavailable is skipped, and the rest of
/// the round still runs.
/// </summary>
internal static class Sweep
{
    /// <param name="start">A place before that of every row.</param>
    /// <param name="list">The page after a place, in the order of places; empty at the end.</param>
    /// <param name="placeOf">The place of a row.</param>
    /// <param name="finish">The work on a row. Its first "unavailable" exception is thrown again after the last row, so that
    /// <see cref="RetryLoop"/> logs the outage once.</param>
    /// <param name="logger">Logs rows that failed for another reason.</param>
    /// <param name="cancellationToken">Stops the round at once.</param>
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
