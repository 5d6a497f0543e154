using System.Collections.Concurrent;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Telemetry;

namespace MeteringGateway.Calls.History;

/// <summary>
/// Notes calls that were not charged, off their way: what is added waits in memory until the next batch is written. A note is no money: one
/// more than may wait is dropped and counted. Any number of callers at once.
/// </summary>
internal sealed partial class CallLog(RefusedCallStore store, GatewayMetrics metrics, TimeProvider time, ILogger<CallLog> logger)
    : BackgroundService
{
    /// <summary>A few megabytes, and what a gateway refuses in a second while PostgreSQL takes the batch before.</summary>
    internal const int MostWaiting = 10_000;

    /// <summary>One account's: however often it is refused, there is room for the notes of nine others.</summary>
    internal const int MostOfAccount = 1_000;

    private const int MostInBatch = 1_000;

    /// <summary>Bounds how late another gateway knows of the call, and how much a gateway that dies forgets.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopping gateway tries to write what waits.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, RefusedCall> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, int> _ofAccount = new();
    private int _count;

    /// <summary>Never blocks and never fails. Only calls of live keys belong here: nobody asks about a test key's.</summary>
    public void Add(in RefusedCall call)
    {
        if (!TryEnter(call.AccountId))
        {
            metrics.RefusedCallDropped(1);
        }
        else if (!_waiting.TryAdd(call.RequestId, call))
        {
            Leave(call.AccountId);

            // Of a reserve that was sent twice one hold may expire; the gateway that refuses its call knows more.
            if (_waiting.TryGetValue(call.RequestId, out var before) && before.Code == RefusedCall.Expired)
            {
                _waiting.TryUpdate(call.RequestId, call, before);
            }
        }
    }

    /// <summary>What waits here, then what was written.</summary>
    public async Task<RefusedCall?> FindAsync(long accountId, string requestId, CancellationToken cancellationToken) =>
        _waiting.TryGetValue(requestId, out var call)
            ? call.AccountId == accountId ? call : null
            : await store.FindAsync(accountId, requestId, cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(s_drain, time);
        try
        {
            await WriteAsync(patience.Token);
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is OperationCanceledException)
        {
            LogForgotten(_waiting.Count, e.Message);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RetryLoop.RunAsync("Noting calls that were not charged", s_pause, WriteAsync, time, logger, stoppingToken);

    /// <summary>Writes what waits. One caller at a time.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (!_waiting.IsEmpty)
        {
            var batch = _waiting.Values.Take(MostInBatch).ToList();
            try
            {
                await store.InsertAsync(batch, cancellationToken);
            }
            catch (Exception e) when (RetryLoop.IsRefused(e))
            {
                // What PostgreSQL will never take must not keep the notes that follow waiting.
                LogRefused(batch.Count, e.Message);
                metrics.RefusedCallDropped(batch.Count);
            }

            foreach (var call in batch)
            {
                // As it was written: one that was replaced meanwhile is written again.
                if (_waiting.TryRemove(KeyValuePair.Create(call.RequestId, call)))
                {
                    Leave(call.AccountId);
                }
            }
        }
    }

    /// <summary>True: to be followed by exactly one <see cref="Leave"/>.</summary>
    private bool TryEnter(long accountId)
    {
        var isRoom = Interlocked.Increment(ref _count) <= MostWaiting;
        isRoom &= _ofAccount.AddOrUpdate(accountId, 1, static (_, count) => count + 1) <= MostOfAccount;
        if (!isRoom)
        {
            Leave(accountId);
        }

        return isRoom;
    }

    private void Leave(long accountId)
    {
        Interlocked.Decrement(ref _count);
        if (_ofAccount.AddOrUpdate(accountId, 0, static (_, count) => count - 1) == 0)
        {
            _ofAccount.TryRemove(KeyValuePair.Create(accountId, 0));
        }
    }

    [LoggerMessage(LogLevel.Error, "PostgreSQL refuses the notes of {Count} calls that were not charged; they are dropped: {Reason}")]
    private partial void LogRefused(int count, string reason);

    [LoggerMessage(LogLevel.Warning, "{Count} calls that were not charged could not be noted before the stop: {Reason}")]
    private partial void LogForgotten(int count, string reason);
}
