using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// Runs guarded scripts: passes the epoch (fencing token) and the high-water mark of the write sequence, learns the new write sequence
/// from the answer, and requests a check when the guard refuses. Any number of callers at once.
/// </summary>
internal sealed partial class ScriptRunner(
    RedisConnection redis, Partitions partitions, EngineMetrics metrics, ILogger<ScriptRunner> logger)
{
    public Task<ScriptReply<TAnswer>> RunAsync<TAnswer>(
        GuardedScript<TAnswer> script, int partition, RedisKey[] keys, params RedisValue[] rest)
        where TAnswer : struct, IScriptAnswer<TAnswer> =>
        RunUnderAsync(partitions.Epoch(partition), script, partition, keys, rest);

    /// <summary>Runs only under that epoch: for arguments that were read before, which a recovery in between would make stale.</summary>
    public async Task<ScriptReply<TAnswer>> RunUnderAsync<TAnswer>(
        long epoch, GuardedScript<TAnswer> script, int partition, RedisKey[] keys, params RedisValue[] rest)
        where TAnswer : struct, IScriptAnswer<TAnswer>
    {
        var connection = redis.ConnectionNumber;
        if (epoch == 0 || !partitions.IsVerifiedOn(partition, connection))
        {
            partitions.RequestCheck();
            return new ScriptReply<TAnswer>(ScriptOutcome.NotExecuted, default);
        }

        var values = new RedisValue[rest.Length + 2];
        values[0] = epoch;
        values[1] = partitions.WriteSequence(partition);
        rest.CopyTo(values, 2);
        var reply = await redis.EvaluateAsync(script.Source, keys, values, connection);
        if (reply.ScriptFailed)
        {
            // A bug: the script may have written half of a movement, which only a reload from the ledger repairs.
            MarkCorrupt(partition);
        }

        if (!reply.Answered)
        {
            return new ScriptReply<TAnswer>(
                reply.Outcome == ReplyOutcome.Unknown ? ScriptOutcome.Unknown : ScriptOutcome.NotExecuted, default);
        }

        try
        {
            var answer = script.Read(reply.Result!, out var writeSequence);
            if (answer.Outcome == ScriptOutcome.Fenced)
            {
                partitions.RequestCheck();
            }
            else
            {
                partitions.Observe(partition, epoch, writeSequence);
            }

            return answer;
        }
        catch (UnreadableAnswerException e)
        {
            // The script ran with an unknown effect: it counts as failed and as one whose answer was lost.
            LogUnreadable(e.Message);
            MarkCorrupt(partition);
            return new ScriptReply<TAnswer>(ScriptOutcome.Unknown, default);
        }
    }

    private void MarkCorrupt(int partition)
    {
        metrics.ScriptFailed();
        partitions.MarkCorrupt(partition);
    }

    [LoggerMessage(LogLevel.Critical, "{Problem} Its partition is recovered from the ledger.")]
    private partial void LogUnreadable(string problem);
}
