using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>
/// Releases expired holds, whose owner is gone. Every gateway looks at every partition; release decides by Redis's clock (batch.lua),
/// so each hold is released once.
/// </summary>
internal sealed partial class HoldExpiry(
    RedisConnection redis, ScriptRunner scripts, CallLanes lanes, Partitions partitions, AccountLoader loader, LongestHold longestHold,
    HoldExpired expiredHold, EngineMetrics metrics, TimeProvider time, ILogger<HoldExpiry> logger)
    : BackgroundService
{
    /// <summary>A hold lives for tens of seconds; its release a second late has no visible effect.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>If Redis's clock gains more than this on ours between two looks, it was set; drift is slower.</summary>
    private static readonly TimeSpan s_jump = TimeSpan.FromSeconds(5);

    /// <summary>A hold that is found so long after its deadline should have been given back by a look before.</summary>
    private static readonly TimeSpan s_overdue = TimeSpan.FromSeconds(5);

    private readonly RedisClock[] _clocks = new RedisClock[partitions.Map.Count];

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
                    // Whatever the error is: the other partitions' holds are released, and the gateway goes on.
                    LogPostponed(partition, e.Message);
                }
            }
        }
    }

    /// <summary>One look at a partition: publishes what is held and releases expired holds. Returns how many it released.</summary>
    public async Task<int> ReapAsync(int partition, CancellationToken cancellationToken)
    {
        RedisKey name = PartitionMap.Holds(partition);
        var asked = time.GetUtcNow();
        var clock = await scripts.RunAsync(TimeAnswer.Script, partition, [PartitionMap.Meta(partition)]);
        if (clock.Outcome != ScriptOutcome.Answered)
        {
            return 0;
        }

        var (now, before) = (clock.Answer.Now, _clocks[partition]);
        // Redis has looked at its clock somewhere between the question and the answer.
        metrics.ClockOffset(
            partition, asked + ((time.GetUtcNow() - asked) / 2) - DateTimeOffset.FromUnixTimeMilliseconds(now));
        var jumped = Jumped(partition, now);
        long cursor = 0, count = 0, credits = 0, latest = 0;
        var (expired, ages) = (new List<ExpiredHold>(), new HoldAges());
        do
        {
            var reply = await redis.ExecuteAsync("HSCAN", name, cursor, "COUNT", 500);
            if (!reply.Answered)
            {
                // This look saw no holds: the next one must still see a clock jump.
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
                ages.Add(pairs[i], hold.Amount, now);
                latest = Math.Max(latest, hold.Deadline);
                if (hold.Deadline <= now)
                {
                    expired.Add(new ExpiredHold(
                        pairs[i], hold.AccountId, hold.KeyId, hold.Amount, hold.Deadline + s_overdue.TotalMilliseconds <= now));
                }
            }

            cursor = (long)page[0];
        }
        while (cursor != 0 && !cancellationToken.IsCancellationRequested);

        metrics.Holds(partition, count, credits);
        metrics.HoldsAreOld(partition, ages);
        if (IsQuiet(partition, jumped, latest - now))
        {
            metrics.HoldsOverdue(partition, expired.Count(hold => hold.IsOverdue));
            return 0;
        }

        // Asked for together, so that they travel together: a gateway that died leaves as many as it had calls in flight. A batch of them
        // at a time, so that they leave room for calls.
        var (released, overdue) = (0, 0);
        foreach (var chunk in expired.Chunk(CallLane.MostOperations / 4))
        {
            var releases = await Task.WhenAll(chunk.Select(one => ReleaseExpiredAsync(partition, one, cancellationToken)));
            released += releases.Count(isReleased => isReleased);
            overdue += chunk.Where((hold, i) => hold.IsOverdue && !releases[i]).Count();
        }

        metrics.HoldsOverdue(partition, overdue);
        if (released > 0)
        {
            metrics.HoldsExpired(released);
            LogExpired(released, partition);
        }

        return released;
    }

    /// <summary>By how many milliseconds Redis's clock was set forward since the last look.</summary>
    private long Jumped(int partition, long now)
    {
        var (before, seen) = (_clocks[partition], time.GetTimestamp());
        _clocks[partition] = before with { Now = now, Seen = seen };
        var ahead = before.Seen == 0 ? 0 : now - before.Now - (long)time.GetElapsedTime(before.Seen, seen).TotalMilliseconds;
        return ahead > s_jump.TotalMilliseconds ? ahead : 0;
    }

    /// <summary>
    /// Forward clock jump: suspends expiry until the holds that existed before the jump have had their remaining lifetime. Holds made after
    /// the jump can't be told from them, so the suspension is at most the longest lifetime of a hold. A second jump never shortens the
    /// suspension of the first.
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

    private async Task<bool> ReleaseExpiredAsync(int partition, ExpiredHold hold, CancellationToken cancellationToken)
    {
        var answer = await SendAsync();
        if (answer.Outcome == ScriptOutcome.NotLoaded && await loader.LoadAsync(hold.AccountId, hold.KeyId, cancellationToken))
        {
            answer = await SendAsync();
        }

        var isReleased = answer is { Outcome: ScriptOutcome.Answered, Code: (int)ReleaseStatus.Released };
        if (isReleased)
        {
            expiredHold(Hold.RequestOf(hold.Id), hold.AccountId, hold.Credits);
        }

        return isReleased;

        ValueTask<CallAnswer> SendAsync() => lanes.RunAsync(
            new ReleaseOperation(
                partition, partitions.Epoch(partition), hold.Id, hold.AccountId, hold.KeyId, ReleaseMode.Expiry, reservation: null));
    }

    private readonly record struct ExpiredHold(string Id, long AccountId, long KeyId, long Credits, bool IsOverdue);

    /// <summary>Redis's clock (ms) and the gateway's at the last look, and until when expiry is suspended.</summary>
    private readonly record struct RedisClock(long Now, long Seen, long QuietUntil);

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
