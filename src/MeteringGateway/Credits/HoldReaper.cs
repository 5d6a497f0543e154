using System.Globalization;
using MeteringGateway.Observability;
using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>
/// Gives back the holds whose owner is gone: every gateway looks at every partition, the script decides by the store's clock,
/// and a hold is given back once however many look.
/// </summary>
internal sealed partial class HoldReaper(
    RedisConnection redis, ScriptRunner scripts, Partitions partitions, StateLoader loader, GatewayMetrics metrics, TimeProvider time, ILogger<HoldReaper> logger)
    : BackgroundService
{
    /// <summary>A hold lives for tens of seconds; a second more before it is given back is not felt.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private static readonly LuaScript s_release = LuaScript.Load("release-4");
    private static readonly LuaScript s_clock = LuaScript.Load("clock-1");

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
                catch (Exception e) when (e is Npgsql.NpgsqlException or StoreUnavailableException or TimeoutException)
                {
                    LogPostponed(partition, e.Message);
                }
            }
        }
    }

    /// <summary>One look at a partition: publishes how much is held and releases what has expired.</summary>
    public async Task<int> ReapAsync(int partition, CancellationToken cancellationToken)
    {
        RedisKey name = PartitionMap.Holds(partition);
        var clock = await scripts.RunAsync(s_clock, partition, [PartitionMap.Meta(partition)]);
        if (clock.Unavailable)
        {
            return 0;
        }

        long cursor = 0, count = 0, credits = 0;
        var expired = new List<(string Id, long AccountId, long KeyId)>();
        do
        {
            var reply = await redis.ExecuteAsync("HSCAN", name, cursor, "COUNT", 500);
            if (!reply.Answered)
            {
                return 0;
            }

            var page = (RedisResult[])reply.Result!;
            var pairs = (string[])page[1]!;
            for (var i = 0; i + 1 < pairs.Length; i += 2)
            {
                var hold = pairs[i + 1].Split('|');
                count++;
                credits += Number(hold[2]);
                if (Number(hold[6]) <= clock.Values[2])
                {
                    expired.Add((pairs[i], Number(hold[0]), Number(hold[1])));
                }
            }

            cursor = (long)page[0];
        }
        while (cursor != 0 && !cancellationToken.IsCancellationRequested);

        metrics.Holds(partition, count, credits);
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

    private async Task<bool> ReleaseExpiredAsync(int partition, string id, long accountId, long keyId, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Key(partition, keyId), PartitionMap.Holds(partition)];
        var answer = await scripts.RunAsync(s_release, partition, keys, id, "1");
        if (answer.Code == ScriptAnswer.NotLoaded && await loader.LoadAsync(accountId, keyId, cancellationToken))
        {
            answer = await scripts.RunAsync(s_release, partition, keys, id, "1");
        }

        return answer.Code == 1;
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "{Count} holds of partition {Partition} had expired and were given back.")]
    private partial void LogExpired(int count, int partition);

    [LoggerMessage(LogLevel.Warning, "Expired holds of partition {Partition} wait for the next look: {Reason}")]
    private partial void LogPostponed(int partition, string reason);
}
