using Dapper;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.Notices;

/// <summary>
/// Finds thresholds that were crossed, from what the ledger says: no request waits for it, and a gateway that dies leaves its rows
/// to the next. A crossing is noted in the transaction that takes its row from the queue, and the table's unique index keeps it single.
/// </summary>
internal sealed class CrossingWatcher(
    NpgsqlDataSource database, IOptions<NoticesOptions> options, TimeProvider time, ILogger<CrossingWatcher> logger)
    : BackgroundService
{
    private static readonly string TakeQueue = SqlFile.Read("Accounts/Notices/take-queue.sql");
    private static readonly string AwaitFlushes = SqlFile.Read("Accounts/Notices/await-flushes.sql");
    private static readonly string FindCrossings = SqlFile.Read("Accounts/Notices/find-crossings.sql");

    /// <summary>Rows in one transaction, which the flusher never waits for: it only adds.</summary>
    private const int BatchSize = 500;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Watching for thresholds", options.Value.Interval, WatchAsync, time, logger, stoppingToken);

    /// <summary>Looks at everything that is queued now.</summary>
    internal async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (await WatchBatchAsync(cancellationToken) == BatchSize)
        {
            // More is waiting.
        }
    }

    private async Task<int> WatchBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        bool alone;
        List<long> ids;
        await using (var queue = await connection.QueryMultipleAsync(
            new CommandDefinition(TakeQueue, new { limit = BatchSize }, transaction, cancellationToken: cancellationToken)))
        {
            alone = await queue.ReadSingleAsync<bool>();
            ids = [.. await queue.ReadAsync<long>()];
        }

        if (!alone || ids.Count == 0)
        {
            return 0;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(AwaitFlushes, new { ids = ids.ToArray() }, transaction, cancellationToken: cancellationToken));
        var now = time.GetUtcNow();
        var look = new
        {
            ids = ids.ToArray(),
            day = Period.Daily.WindowOf(now),
            week = Period.Weekly.WindowOf(now),
            month = Period.Monthly.WindowOf(now),
        };
        var noted = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(FindCrossings, look, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        if (noted > 0)
        {
            logger.LogDebug("{Count} thresholds were crossed", noted);
        }

        return ids.Count;
    }
}
