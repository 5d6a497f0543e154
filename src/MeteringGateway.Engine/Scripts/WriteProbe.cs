using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// Would a call be reserved now? A Redis that has no room left still answers, and refuses every write. Orchestrators ask every few
/// seconds, and several do: an answer counts for a second. Any number of callers at once.
/// </summary>
internal sealed class WriteProbe(RedisConnection redis, Partitions partitions, TimeProvider time)
{
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(1);
    private static readonly RedisScript s_probe = RedisScript.Load("probe-1");
    private readonly Lock _gate = new();
    private Task<string?> _last = Task.FromResult<string?>(null);
    private long? _begun;

    /// <summary>Null: every partition takes writes; else why one does not.</summary>
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
