using MeteringGateway.Hosting;
using MeteringGateway.Ledger;
using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>
/// Decides which partitions may be served, and makes one right again whose Redis is empty, older or another than the one it belongs to.
/// It looks at every start, every second, and whenever a script met a fence or a connection was made anew.
/// </summary>
/// <remarks>
/// Recovery of one partition, under PostgreSQL's lock, so that it happens once for all gateways:
/// 1 raise the epoch in PostgreSQL; 2 fence Redis, no script passes; 3 flush what is left of the outbox;
/// 4 open Redis under the new epoch, which forgets every account and key: what was loaded under another one is loaded from the ledger
/// on its next use, with the holds that are left; 5 write down which Redis it was. So it takes as long for a million accounts as for one.
/// A gateway that dies anywhere leaves a partition that the next look recovers again.
/// </remarks>
internal sealed partial class Recovery(
    RedisConnection redis, Partitions partitions, EpochStore epochs, PartitionEpochs flushers, Flusher flusher, LedgerWriter writer, CreditsOptions options, TimeProvider time, ILogger<Recovery> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>Doubt is answered at once, but not in a tight loop while a store is away.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private const int FirstLooks = 3;

    private static readonly LuaScript s_fence = LuaScript.Load("fence-1");
    private static readonly LuaScript s_open = LuaScript.Load("open-1");

    private string? _provenRunId;

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

        if (StoreIdentity.Of(info, options.AllowVolatileRedis).Fault is { } fault)
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

        var identity = StoreIdentity.Of(info, options.AllowVolatileRedis);
        if (identity.Fault is not null)
        {
            return identity.Fault;
        }

        // Another process behind the connection: what was open belonged to the one before.
        var sameProcess = identity.RunId == _provenRunId;
        var (started, recovered) = (time.GetTimestamp(), 0);
        for (var partition = 0; partition < partitions.Map.Count; partition++)
        {
            if (!sameProcess || partitions.Epoch(partition) == 0 || partitions.IsSuspect(partition) || !await IsOpenAsync(partition))
            {
                partitions.Close(partition);
                recovered += await AdoptOrRecoverAsync(partition, identity.RunId, cancellationToken) ? 1 : 0;
            }
        }

        if (recovered > 0)
        {
            LogRecovered(recovered, time.GetElapsedTime(started).TotalMilliseconds);
        }

        _provenRunId = identity.RunId;
        partitions.Prove(connection);
        if (redis.Generation != connection)
        {
            // It broke, or was first made, while we looked: once more.
            partitions.Doubt();
        }

        return null;
    }

    private async Task<bool> IsOpenAsync(int partition)
    {
        var meta = await MetaAsync(partition);
        return meta.Epoch == partitions.Epoch(partition) && meta.Generation >= partitions.Generation(partition);
    }

    /// <summary>True: it had to be recovered.</summary>
    private async Task<bool> AdoptOrRecoverAsync(int partition, string runId, CancellationToken cancellationToken)
    {
        await using var turn = await epochs.LockAsync(partition, cancellationToken);
        var known = await turn.ReadAsync(cancellationToken);
        var meta = await MetaAsync(partition);
        if (!partitions.IsSuspect(partition) && known.Epoch > 0 && meta.Epoch == known.Epoch && known.RunId == runId && meta.Generation >= Math.Max(known.Generation, partitions.Generation(partition)))
        {
            Open(partition, known.Epoch, meta.Generation);
            return false;
        }

        if (runId == _provenRunId && meta.Epoch < known.Epoch && known.RunId is { } other && StoreIdentity.AreApart(runId, other))
        {
            // A split brain: another gateway was led to another Redis and took the money there, while ours stayed. Both would take it from
            // each other for ever, and spend what the other has spent. So who stayed gives way.
            throw new StoreUnavailableException("another gateway serves from another Redis, which has the money now: lead this one there, or start it anew to take the money back");
        }

        // Cleared now, not at the end: who suspects it meanwhile may have seen what comes after we forgot. Should we fail, the missing run id has it recovered all the same.
        partitions.Clear(partition);
        var epoch = await turn.RaiseAsync(cancellationToken);
        await RunAsync(s_fence, [PartitionMap.Meta(partition)], epoch);
        FaultPoint.Hit("recovery-fenced");
        await DrainAsync(partition, epoch, cancellationToken);
        FaultPoint.Hit("recovery-drained");
        await RunAsync(s_open, [PartitionMap.Meta(partition)], epoch, Math.Max(known.Generation, meta.Generation));
        await turn.WriteRunIdAsync(runId, cancellationToken);
        Open(partition, epoch, (await MetaAsync(partition)).Generation);
        return true;
    }

    /// <summary>Writes what is left in the outbox, under the new epoch: whatever its age, it was charged.</summary>
    private async Task DrainAsync(int partition, long epoch, CancellationToken cancellationToken)
    {
        FlushOutcome outcome;
        do
        {
            outcome = (await writer.FlushPartitionAsync(partition, epoch, cancellationToken)).Outcome;
        }
        while (outcome == FlushOutcome.Flushed);

        if (outcome == FlushOutcome.FencedEpoch)
        {
            throw new StoreUnavailableException("a newer recovery is under way");
        }
    }

    private void Open(int partition, long epoch, long generation)
    {
        flushers.Learn(partition, epoch);
        partitions.Open(partition, epoch, generation);
    }

    private async Task<(long Epoch, long Generation)> MetaAsync(int partition)
    {
        var reply = await redis.ExecuteAsync("HMGET", (RedisKey)PartitionMap.Meta(partition), "epoch", "gen");
        var values = reply.Answered ? (RedisValue[])reply.Result! : throw new StoreUnavailableException(reply.Reason!);
        return ((long?)values[0] ?? 0, (long?)values[1] ?? 0);
    }

    private async Task RunAsync(LuaScript script, RedisKey[] keys, params RedisValue[] values)
    {
        var reply = await redis.EvaluateAsync(script, keys, values);
        if (!reply.Answered)
        {
            throw new StoreUnavailableException(reply.Reason!);
        }

        if ((long)reply.Result! != 1)
        {
            throw new StoreUnavailableException("a newer recovery is under way");
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} partitions of Redis were made anew from the ledger, in {Milliseconds:0} ms.")]
    private partial void LogRecovered(int count, double milliseconds);

    [LoggerMessage(LogLevel.Error, "No call can be metered: {Reason}")]
    private partial void LogFault(string reason);
}
