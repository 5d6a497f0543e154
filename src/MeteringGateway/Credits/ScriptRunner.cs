using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>The answer of a guarded script: its code first, then what its header says.</summary>
internal readonly record struct ScriptAnswer(ReplyOutcome Outcome, long[] Values)
{
    /// <summary>The partition is being recovered, or this gateway's epoch is not the store's.</summary>
    public const long Fenced = -1;

    /// <summary>Redis does not know the account or the key yet.</summary>
    public const long NotLoaded = -2;

    /// <summary>The script's code; 0 where no answer came.</summary>
    public long Code => Values.Length == 0 ? 0 : Values[0];

    /// <summary>No answer, or one that says that the partition can't be served now.</summary>
    public bool Unavailable => Outcome != ReplyOutcome.Answered || Code == Fenced;
}

/// <summary>
/// Runs scripts under the guard that each begins with: it passes the epoch and the highest generation this gateway knows,
/// learns the generation from the answer, and asks for recovery when the store is not the one it knew.
/// </summary>
internal sealed class ScriptRunner(RedisConnection redis, Partitions partitions, EngineMetrics metrics)
{
    private static readonly ScriptAnswer s_notServed = new(ReplyOutcome.NotExecuted, []);

    public Task<ScriptAnswer> RunAsync(LuaScript script, int partition, RedisKey[] keys, params RedisValue[] rest) =>
        RunUnderAsync(partitions.Epoch(partition), script, partition, keys, rest);

    /// <summary>Runs only while that epoch lasts: for what was read before and a recovery in between would make stale.</summary>
    public async Task<ScriptAnswer> RunUnderAsync(long epoch, LuaScript script, int partition, RedisKey[] keys, params RedisValue[] rest)
    {
        var connection = redis.Generation;
        if (epoch == 0 || !partitions.IsProven(partition, connection))
        {
            partitions.Doubt();
            return s_notServed;
        }

        var values = new RedisValue[rest.Length + 2];
        values[0] = epoch;
        values[1] = partitions.Generation(partition);
        rest.CopyTo(values, 2);
        var reply = await redis.EvaluateAsync(script, keys, values, connection);
        if (reply.ScriptFailed)
        {
            // No script should: it may have left half a movement behind, which only the ledger can put right.
            metrics.ScriptFailed();
            partitions.Suspect(partition);
        }

        if (!reply.Answered)
        {
            return new ScriptAnswer(reply.Outcome, []);
        }

        var answer = new ScriptAnswer(ReplyOutcome.Answered, (long[])reply.Result!);
        if (answer.Code == ScriptAnswer.Fenced)
        {
            partitions.Doubt();
        }
        else
        {
            partitions.Saw(partition, epoch, answer.Values[1]);
        }

        return answer;
    }
}
