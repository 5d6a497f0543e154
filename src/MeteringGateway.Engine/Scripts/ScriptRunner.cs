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

        return Take(script, reply.Result!, partition, epoch);
    }

    /// <summary>
    /// Runs a script of many partitions: on a single Redis for all of them at once; on a cluster once for each, since a script's keys share
    /// a slot. Each part has its reply, in the order of the parts; one whose partition can't be called is not sent, and the others are.
    /// </summary>
    public async Task<ScriptReply<TAnswer>[]> RunTogetherAsync<TAnswer>(GuardedScript<TAnswer> script, IReadOnlyList<ScriptPart> parts)
        where TAnswer : struct, IScriptAnswer<TAnswer>
    {
        var connection = redis.ConnectionNumber;
        var replies = new ScriptReply<TAnswer>[parts.Count];
        var places = Enumerable.Range(0, parts.Count)
            .Where(i => parts[i].Epoch != 0 && partitions.IsVerifiedOn(parts[i].Partition, connection)).ToList();
        if (places.Count < parts.Count)
        {
            partitions.RequestCheck();
        }

        if (redis.IsCluster)
        {
            await Task.WhenAll(places.Select(place => RunPartsAsync(script, parts, [place], replies, connection)));
        }
        else if (places.Count > 0)
        {
            await RunPartsAsync(script, parts, places, replies, connection);
        }

        return replies;
    }

    private async Task RunPartsAsync<TAnswer>(
        GuardedScript<TAnswer> script, IReadOnlyList<ScriptPart> parts, List<int> places, ScriptReply<TAnswer>[] replies, long connection)
        where TAnswer : struct, IScriptAnswer<TAnswer>
    {
        var sent = places.ConvertAll(place => parts[place]);
        var reply = await redis.EvaluateAsync(
            script.Source, ScriptPart.KeysOf(sent), ScriptPart.ValuesOf(sent, partitions.WriteSequence), connection);
        var isUnreadable = reply.Answered && reply.Result!.Length != sent.Count;
        if (isUnreadable)
        {
            LogUnreadable($"The script {script.Source.Name} gave {reply.Result!.Length} answers to {sent.Count} partitions.");
        }

        for (var i = 0; i < sent.Count; i++)
        {
            if (reply.ScriptFailed || isUnreadable)
            {
                MarkCorrupt(sent[i].Partition);
            }

            replies[places[i]] = reply.Answered && !isUnreadable
                ? Take(script, reply.Result![i], sent[i].Partition, sent[i].Epoch)
                : new ScriptReply<TAnswer>(
                    reply.Outcome == ReplyOutcome.NotExecuted ? ScriptOutcome.NotExecuted : ScriptOutcome.Unknown, default);
        }
    }

    /// <summary>Learns from an answer what it says of its partition.</summary>
    private ScriptReply<TAnswer> Take<TAnswer>(GuardedScript<TAnswer> script, RedisResult result, int partition, long epoch)
        where TAnswer : struct, IScriptAnswer<TAnswer>
    {
        if (script.Failure(result) is { } reason)
        {
            LogPartFailed(script.Source.Name, partition, reason);
            MarkCorrupt(partition);
            return new ScriptReply<TAnswer>(ScriptOutcome.NotExecuted, default);
        }

        try
        {
            var answer = script.Read(result, out var writeSequence);
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

    [LoggerMessage(LogLevel.Critical, "The script {Script} failed in partition {Partition}, which is recovered from the ledger: {Reason}")]
    private partial void LogPartFailed(string script, int partition, string reason);
}
