using MeteringGateway.Ledger;
using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>
/// Decides which partitions may be served, and makes one right again whose Redis is empty, older or another than the one it belongs to.
/// It looks at every start, every second, and whenever a script met a fence or a connection was made anew.
/// </summary>
internal sealed partial class Recovery(
    RedisConnection redis, Partitions partitions, PartitionRecovery recovery, Flusher flusher, CreditsOptions options, TimeProvider time, ILogger<Recovery> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>Doubt is answered at once, but not in a tight loop while a store is away.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private const int FirstLooks = 3;

    /// <summary>Each takes two connections to PostgreSQL, and every gateway may be at it at once.</summary>
    private readonly SemaphoreSlim _turns = new(4, 4);

    /// <summary>Why nothing is served; null while all partitions are.</summary>
    public string? Fault { get; private set; } = "the stores have not been looked at yet";

    /// <summary>
    /// The look before the first request: with the stores up, a gateway that listens also serves.
    /// Answers why it must not start at all; stores that are away are no reason, for calls are refused until they are there.
    /// </summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await redis.InfoAsync() is not { } info)
        {
            return null;
        }

        if (StoreSettings.Fault(info, options.AllowVolatileRedis) is { } fault)
        {
            return fault;
        }

        // A connection that was just made tells of itself once more: the second look proves what the first has opened.
        for (var look = 0; look < FirstLooks && !partitions.AreServed(redis.Generation); look++)
        {
            await TryLookAsync(cancellationToken);
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
        flusher.Fenced += partitions.Outdated;
        flusher.Drifted += (partition, _) => partitions.Suspect(partition);
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryLookAsync(stoppingToken);
            await Task.Delay(s_pause, time, stoppingToken);
            await partitions.WaitForDoubtAsync(s_period, stoppingToken);
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        var before = Fault;
        try
        {
            Fault = await LookAsync(cancellationToken);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or StoreUnavailableException or RedisException or TimeoutException)
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

    /// <summary>Proves the connection, then adopts or recovers each partition that is not open. Says what is in the way.</summary>
    private async Task<string?> LookAsync(CancellationToken cancellationToken)
    {
        var connection = redis.Generation;
        if (await redis.InfoAsync() is not { } info)
        {
            return "Redis can't be reached";
        }

        if (StoreSettings.Fault(info, options.AllowVolatileRedis) is { } fault)
        {
            return fault;
        }

        // Side by side: on a cluster, partitions whose master is away keep nobody waiting, and the others are served.
        var started = time.GetTimestamp();
        var looks = await Task.WhenAll(Enumerable.Range(0, partitions.Map.Count).Select(partition => LookAtAsync(partition, cancellationToken)));
        if (looks.Count(look => look.Recovered) is > 0 and var recovered)
        {
            LogRecovered(recovered, time.GetElapsedTime(started).TotalMilliseconds);
        }

        partitions.Prove(connection);
        if (redis.Generation != connection)
        {
            // It broke, or was first made, while we looked: once more.
            partitions.Doubt();
        }

        return Array.Find(looks, look => look.Fault is not null).Fault;
    }

    private async Task<(bool Recovered, string? Fault)> LookAtAsync(int partition, CancellationToken cancellationToken)
    {
        try
        {
            if (await recovery.IsOpenAsync(partition))
            {
                return (false, null);
            }

            partitions.Close(partition);
            await _turns.WaitAsync(cancellationToken);
            try
            {
                return (await recovery.AdoptOrRecoverAsync(partition, cancellationToken), null);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException or TimeoutException)
        {
            partitions.Close(partition);
            return (false, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} partitions of Redis were made anew from the ledger, in {Milliseconds:0} ms.")]
    private partial void LogRecovered(int count, double milliseconds);

    [LoggerMessage(LogLevel.Error, "No call can be metered: {Reason}")]
    private partial void LogFault(string reason);
}
