using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Recovery;

/// <summary>
/// Decides which partitions may be served, and makes one right again whose Redis is empty, older or another than the one it belongs to.
/// It looks at every start, every second, and whenever a script met a fence or a connection was made anew.
/// </summary>
internal sealed partial class PartitionSupervisor(
    RedisConnection redis, Partitions partitions, PartitionRecovery recovery, Flusher flusher, CreditsOptions options,
    TimeProvider time, ILogger<PartitionSupervisor> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>Doubt is answered at once, but not in a tight loop while a store is away.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private const int FirstLooks = 3;

    /// <summary>Each takes two connections to PostgreSQL, and every gateway may be at it at once.</summary>
    private readonly SemaphoreSlim _turns = new(4, 4);

    /// <summary>Before, a Redis that was started beside the gateway is nothing to warn of.</summary>
    private volatile bool _isStarted;

    private readonly Task[] _recoveries = [.. Enumerable.Repeat(Task.CompletedTask, partitions.Map.Count)];
    private readonly string?[] _faults = new string?[partitions.Map.Count];

    /// <summary>What keeps calls from being served, of a partition or of all; null while all partitions are.</summary>
    public string? Fault { get; private set; } = "the stores have not been looked at yet";

    /// <summary>
    /// The look before the first request: with the stores up, a gateway that listens also serves.
    /// Answers why it must not start at all; stores that are away are no reason, for calls are refused until they are there.
    /// </summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await redis.InfoAsync() is not { } info)
        {
            _isStarted = true;
            return null;
        }

        if (RedisSafety.Fault(info, options.AllowVolatileRedis) is { } fault)
        {
            return fault;
        }

        var started = time.GetTimestamp();

        // A connection that was just made tells of itself once more: the second look proves what the first has opened.
        for (var look = 0; look < FirstLooks && !partitions.AreServed(redis.ConnectionNumber); look++)
        {
            await TryLookAsync(cancellationToken);
            await Task.WhenAll(_recoveries);
        }

        _isStarted = true;
        if (Enumerable.Range(0, partitions.Map.Count).Count(partition => partitions.Epoch(partition) > 0) is > 0 and var opened)
        {
            LogOpened(opened, time.GetElapsedTime(started).TotalMilliseconds);
        }

        return null;
    }

    public override void Dispose()
    {
        _turns.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        flusher.Fenced += partitions.Fence;
        flusher.Drifted += (partition, _) => partitions.MarkCorrupt(partition);
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryLookAsync(stoppingToken);
            await Task.Delay(s_pause, time, stoppingToken);
            await partitions.WaitForCheckAsync(s_period, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_recoveries);
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        var before = Fault;
        try
        {
            Fault = await LookAsync(cancellationToken);
        }
        catch (Exception e) when (RetryLoop.IsAway(e) || e is RedisException)
        {
            Fault = e.Message;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A bug, or an error of the client library that has no name. Nothing is served until a look succeeds, but the next one may.
            Fault = e.Message;
            logger.LogError(e, "The stores could not be looked at");
        }

        if (Fault != before && Fault is not null)
        {
            LogFault(Fault);
        }
    }

    /// <summary>
    /// Proves each partition that is open, and has each other one adopted or recovered. Says what is in the way. It waits for no recovery:
    /// one that stands still, or whose master or books are away, must not keep the other partitions from being proven.
    /// </summary>
    private async Task<string?> LookAsync(CancellationToken cancellationToken)
    {
        var connection = redis.ConnectionNumber;
        if (await redis.InfoAsync() is not { } info)
        {
            return "Redis can't be reached";
        }

        if (RedisSafety.Fault(info, options.AllowVolatileRedis) is { } fault)
        {
            // It may evict or forget money from now on, whatever it was when we started. What is held is still settled.
            partitions.IsSafe = false;
            return fault;
        }

        partitions.IsSafe = true;
        await Task.WhenAll(Enumerable.Range(0, partitions.Map.Count).Select(partition => LookAtAsync(partition, cancellationToken)));
        if (redis.ConnectionNumber != connection)
        {
            // It broke, or was first made, while we looked: once more.
            partitions.RequestCheck();
        }

        return Array.Find(_faults, reason => reason is not null);
    }

    private async Task LookAtAsync(int partition, CancellationToken cancellationToken)
    {
        if (!_recoveries[partition].IsCompleted)
        {
            return;
        }

        try
        {
            if (await recovery.TryVerifyAsync(partition))
            {
                _faults[partition] = null;
                return;
            }

            partitions.Close(partition);
            _recoveries[partition] = RecoverAsync(partition, cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException or TimeoutException)
        {
            // No answer says nothing about who is there. On the connection on which it was proven it may be called: the guard in each
            // script looks too. To close it would make a late answer an outage for as long as PostgreSQL, which recovery needs, is away.
            _faults[partition] = partitions.Epoch(partition) > 0 && partitions.IsVerifiedOn(partition, redis.ConnectionNumber)
                ? null
                : e.Message;
        }
    }

    private async Task RecoverAsync(int partition, CancellationToken cancellationToken)
    {
        try
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                var started = time.GetTimestamp();
                var opening = await recovery.AdoptOrRecoverAsync(partition, cancellationToken);
                if (opening == PartitionOpening.Recovered || (opening == PartitionOpening.Begun && _isStarted))
                {
                    LogRecovered(partition, time.GetElapsedTime(started).TotalMilliseconds);
                }

                _faults[partition] = null;
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            partitions.Close(partition);
            _faults[partition] = e.Message;
            if (!RetryLoop.IsAway(e) && e is not RedisException)
            {
                // A bug, or an error of the client library that has no name. The partition is not served until a recovery succeeds,
                // but the next one may.
                logger.LogError(e, "Partition {Partition} could not be recovered", partition);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} partitions were opened, in {Milliseconds:0} ms.")]
    private partial void LogOpened(int count, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition} of Redis was made anew from the ledger, in {Milliseconds:0} ms.")]
    private partial void LogRecovered(int partition, double milliseconds);

    [LoggerMessage(LogLevel.Error, "No call can be metered: {Reason}")]
    private partial void LogFault(string reason);
}
