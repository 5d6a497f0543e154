using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Flushing;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Recovery;

/// <summary>
/// Decides which partitions are served: verifies the open ones, and has <see cref="PartitionRecovery"/> adopt or recover the others.
/// It looks at start, every second, and at once when a script was fenced or the connection changed.
/// </summary>
internal sealed partial class PartitionSupervisor(
    RedisConnection redis, Partitions partitions, PartitionRecovery recovery, AccountPreload preload, Flusher flusher,
    CreditsOptions options, EngineMetrics metrics, TimeProvider time, ILogger<PartitionSupervisor> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>A requested check runs at once, but not in a tight loop while Redis or PostgreSQL is away.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private const int FirstLooks = 3;

    /// <summary>Recoveries at once: each takes two connections to PostgreSQL, and every gateway may recover at the same time.</summary>
    private readonly SemaphoreSlim _slots = new(4, 4);

    /// <summary>A fault was logged, so its end is too.</summary>
    private bool _isFaultTold;

    /// <summary>False until the first look: a Redis that starts together with the gateway is nothing to warn of.</summary>
    private volatile bool _isStarted;

    private readonly Task[] _recoveries = [.. Enumerable.Repeat(Task.CompletedTask, partitions.Map.Count)];
    private readonly string?[] _faults = new string?[partitions.Map.Count];

    /// <summary>Why some or all partitions are not served; null while all are.</summary>
    public string? Fault { get; private set; } = "the stores have not been looked at yet";

    /// <summary>
    /// The look before the first request, so that a gateway which listens also serves if Redis and PostgreSQL are up.
    /// Returns why the gateway must not start, or null. An unreachable Redis or PostgreSQL is no such reason: calls are refused until both
    /// are back.
    /// </summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        metrics.Unserved = () => partitions.IsSafe ? partitions.Unserved(redis.ConnectionNumber) : partitions.Map.Count;
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

        // The connect event itself raises the connection number, so partitions opened in the first pass need a second pass to be
        // verified.
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
        _slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        flusher.Fenced += partitions.Fence;
        flusher.Drifted += (partition, _) => partitions.MarkCorrupt(partition);
        flusher.Forgotten += partitions.MarkCorrupt;
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
            // A bug, or an unknown error of the client library. No partition is served until a look succeeds; the next one may.
            Fault = e.Message;
            logger.LogError(e, "The stores could not be looked at");
        }

        if (Fault != before && Fault is not null)
        {
            LogFault(Fault);
            _isFaultTold = true;
        }
        else if (Fault is null && _isFaultTold && partitions.AreServed(redis.ConnectionNumber))
        {
            LogServed();
            _isFaultTold = false;
        }
    }

    /// <summary>
    /// Verifies each open partition and starts the recovery of each other one; returns the first fault. The look does not wait for
    /// recoveries: a stuck one, or one whose Redis master or PostgreSQL is away, must not keep the other partitions from being verified.
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
            // Redis may evict or lose credits from now on, whatever its settings were at start. Existing holds are still resolved.
            partitions.IsSafe = false;
            return fault;
        }

        partitions.IsSafe = true;
        await Task.WhenAll(Enumerable.Range(0, partitions.Map.Count).Select(partition => LookAtAsync(partition, cancellationToken)));
        if (redis.ConnectionNumber != connection)
        {
            // The connection broke, or was first made, during this look: look again.
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
            // No answer says nothing about which server is there. The partition stays open on the connection on which it was verified:
            // each script's guard checks too. Closing it would turn one late answer into an outage for as long as PostgreSQL, which
            // recovery needs, is away.
            _faults[partition] = partitions.Epoch(partition) > 0 && partitions.IsVerifiedOn(partition, redis.ConnectionNumber)
                ? null
                : e.Message;
        }
    }

    private async Task RecoverAsync(int partition, CancellationToken cancellationToken)
    {
        try
        {
            await _slots.WaitAsync(cancellationToken);
            try
            {
                var started = time.GetTimestamp();
                var opening = await recovery.AdoptOrRecoverAsync(partition, cancellationToken);
                if (opening == PartitionOpening.Recovered || (opening == PartitionOpening.Begun && _isStarted))
                {
                    LogRecovered(partition, time.GetElapsedTime(started).TotalMilliseconds);
                }

                if (opening != PartitionOpening.Adopted)
                {
                    preload.Request(partition);
                }

                _faults[partition] = null;
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            partitions.Close(partition);
            _faults[partition] = e.Message;
            if (!RetryLoop.IsAway(e) && e is not RedisException)
            {
                // A bug, or an unknown error of the client library. The partition is not served until a recovery succeeds; the next one
                // may.
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

    [LoggerMessage(
        LogLevel.Warning, "Partition {Partition} recovered in {Milliseconds:0} ms: new epoch, state reloads from the ledger on next use.")]
    private partial void LogRecovered(int partition, double milliseconds);

    [LoggerMessage(LogLevel.Information, "All partitions are served again")]
    private partial void LogServed();

    [LoggerMessage(LogLevel.Error, "No call can be metered: {Reason}")]
    private partial void LogFault(string reason);
}
