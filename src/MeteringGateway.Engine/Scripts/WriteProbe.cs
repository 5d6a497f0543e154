using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// Tests by a write whether Redis would take a hold now: a full Redis still answers reads and refuses every write. The result is kept for a
/// second, for several orchestrators ask every few seconds. Any number of callers at once.
/// </summary>
internal sealed class WriteProbe(RedisConnection redis, Partitions partitions, TimeProvider time)
{
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(1);
    private static readonly RedisScript s_probe = RedisScript.Load("probe-1");
    private readonly Lock _gate = new();
    private Task<string?> _last = Task.FromResult<string?>(null);
    private long? _begun;

    /// <summary>Null if every partition takes writes, else the reason why one does not.</summary>
    public Task<string?> AskAsync()
    {
        lock (_gate)
        {
            if (_last.IsCompleted && (_begun is not { } begun || time.GetElapsedTime(begun) >= s_life))
            {
                (_last, _begun) = (Task.Run(WriteAsync), time.GetTimestamp());
            }

            return _last;
        }
    }

    private async Task<string?> WriteAsync()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, partitions.Map.Count)
            .Select(partition => redis.EvaluateAsync(s_probe, [(RedisKey)PartitionMap.Probe(partition)], [])));
        foreach (var reply in replies)
        {
            if (!reply.Answered)
            {
                return reply.Reason;
            }
        }

        return null;
    }
}
