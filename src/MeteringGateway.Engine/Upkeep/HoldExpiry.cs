using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// Gives back the holds whose owner is gone: every gateway looks at every partition, the script decides by the store's clock,
/// and a hold is given back once however many look.
/// </summary>
internal sealed partial class HoldExpiry(
    RedisConnection redis, ScriptRunner scripts, Partitions partitions, AccountLoader loader, LongestHold longestHold,
    EngineMetrics metrics, TimeProvider time,
    ILogger<HoldExpiry> logger)
    : BackgroundService
{
    /// <summary>A hold lives for tens of seconds; a second more before it is given back is not felt.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>A store's clock that runs ahead of ours by more than this between two looks was set, not drifting.</summary>
    private static readonly TimeSpan s_jump = TimeSpan.FromSeconds(5);

    private readonly StoreClock[] _clocks = new StoreClock[partitions.Map.Count];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            for (var partition = 0; partition < partitions.Map.Count; partition++)
            {
                try
                {
                    await ReapAsync(partition, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it is: the other partitions' holds go back, and the gateway does not stop for it.
                    LogPostponed(partition, e.Message);
                }
            }
        }
    }

    /// <summary>One look at a partition: publishes how much is held and releases what has expired.</summary>
    public async Task<int> ReapAsync(int partition, CancellationToken cancellationToken)
    {
        RedisKey name = PartitionMap.Holds(partition);
        var clock = await scripts.RunAsync(ClockAnswer.Script, partition, [PartitionMap.Meta(partition)]);
        if (clock.Outcome != ScriptOutcome.Answered)
        {
            return 0;
        }

        var (now, before) = (clock.Answer.Now, _clocks[partition]);
        var jumped = Jumped(partition, now);
        long cursor = 0, count = 0, credits = 0, latest = 0;
        var expired = new List<(string Id, long AccountId, long KeyId)>();
        do
        {
            var reply = await redis.ExecuteAsync("HSCAN", name, cursor, "COUNT", 500);
            if (!reply.Answered)
            {
                // Nothing was looked at: a jump is told by the next look.
                _clocks[partition] = before;
                return 0;
            }

            var page = (RedisResult[])reply.Result!;
            var pairs = (string[])page[1]!;
            for (var i = 0; i + 1 < pairs.Length; i += 2)
            {
                if (!PackedHold.TryParse(pairs[i + 1], out var hold))
                {
                    LogMalformed(pairs[i], partition);
                    continue;
                }

                count++;
                credits += hold.Amount;
                latest = Math.Max(latest, hold.Deadline);
                if (hold.Deadline <= now)
                {
                    expired.Add((pairs[i], hold.AccountId, hold.KeyId));
                }
            }

            cursor = (long)page[0];
        }
        while (cursor != 0 && !cancellationToken.IsCancellationRequested);

        metrics.Holds(partition, count, credits);
        if (IsQuiet(partition, jumped, latest - now))
        {
            return 0;
        }

        var released = 0;
        foreach (var (id, accountId, keyId) in expired)
        {
            released += await ReleaseExpiredAsync(partition, id, accountId, keyId, cancellationToken) ? 1 : 0;
        }

        if (released > 0)
        {
            metrics.HoldsExpired(released);
            LogExpired(released, partition);
        }

        return released;
    }

    /// <summary>By how many milliseconds the store's clock was set forward since the last look.</summary>
    private long Jumped(int partition, long now)
    {
        var (before, seen) = (_clocks[partition], time.GetTimestamp());
        _clocks[partition] = before with { Now = now, Seen = seen };
        var ahead = before.Seen == 0 ? 0 : now - before.Now - (long)time.GetElapsedTime(before.Seen, seen).TotalMilliseconds;
        return ahead > s_jump.TotalMilliseconds ? ahead : 0;
    }

    /// <summary>
    /// A clock that is set forward takes as much of every hold's life, whether it looks expired already or will before its call has ended.
    /// Nothing is given back until those that were there have had the life that they had left. A hold that was made since can't be told
    /// from them, so what is left is never counted as more than a hold lives. A second jump must not cut the first one's time short.
    /// </summary>
    private bool IsQuiet(int partition, long jumped, long left)
    {
        var clock = _clocks[partition];
        var rest = jumped > 0 ? Math.Min(left + jumped, (long)longestHold().TotalMilliseconds) : 0;
        if (rest > 0)
        {
            LogJumped(partition, jumped / 1000.0, rest / 1000.0);
            var until = clock.Seen + (rest * time.TimestampFrequency / 1000);
            _clocks[partition] = clock = clock with { QuietUntil = Math.Max(clock.QuietUntil, until) };
        }

        return clock.Seen < clock.QuietUntil;
    }

    private async Task<bool> ReleaseExpiredAsync(int partition, string id, long accountId, long keyId, CancellationToken cancellationToken)
    {
        RedisKey[] keys =
        [
            PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Key(partition, keyId),
            PartitionMap.Holds(partition),
        ];
        var reply = await scripts.RunAsync(ReleaseAnswer.Script, partition, keys, id, "1");
        if (reply.Outcome == ScriptOutcome.NotLoaded && await loader.LoadAsync(accountId, keyId, cancellationToken))
        {
            reply = await scripts.RunAsync(ReleaseAnswer.Script, partition, keys, id, "1");
        }

        return reply is { Outcome: ScriptOutcome.Answered, Answer.Status: ReleaseStatus.Released };
    }

    /// <summary>The store's clock (ms) at the last look, our own then, and until when nothing is given back.</summary>
    private readonly record struct StoreClock(long Now, long Seen, long QuietUntil);

    [LoggerMessage(LogLevel.Error, "The clock of Redis jumped {Seconds:0} s ahead; the holds of partition {Partition} keep {Rest:0} s.")]
    private partial void LogJumped(int partition, double seconds, double rest);

    [LoggerMessage(
        LogLevel.Error,
        "The hold {Id} of partition {Partition} is malformed, or of another version's format: that version or an operator must take it.")]
    private partial void LogMalformed(string id, int partition);

    [LoggerMessage(LogLevel.Warning, "{Count} holds of partition {Partition} had expired and were given back.")]
    private partial void LogExpired(int count, int partition);

    [LoggerMessage(LogLevel.Warning, "Expired holds of partition {Partition} wait for the next look: {Reason}")]
    private partial void LogPostponed(int partition, string reason);
}
