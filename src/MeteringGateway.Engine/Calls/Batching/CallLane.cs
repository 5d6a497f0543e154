using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>
/// Sends operations to Redis in batches: a batch takes what has arrived while those before it were under way, without a timer.
/// Any number of callers at once.
/// </summary>
internal sealed partial class CallLane(
    RedisConnection redis, Partitions partitions, long mostEntries, EngineMetrics metrics, ILogger logger)
{
    /// <summary>Bounds how long one script keeps Redis from everybody else, and the strings that Lua can pass to one command.</summary>
    public const int MostOperations = 512;

    /// <summary>
    /// A second batch in flight makes both smaller, and what a batch costs besides its operations is a good part of the price: with a Redis
    /// on the same machine, Redis and gateway take a tenth more and nothing is faster, under <c>appendfsync always</c> neither
    /// (docs/performance.md). Over a longer way a second one would spare an operation half a round trip; that was not measured.
    /// </summary>
    private const int MostInFlight = 1;

    /// <summary>More operations waiting than this mean that Redis is stuck: new ones are refused, not queued.</summary>
    private const int MostWaiting = 16_384;

    private readonly BatchQueue<CallOperation> _queue = new(MostInFlight, MostOperations, MostWaiting);

    /// <summary>A request that nobody uses, with the memory it has grown to.</summary>
    private BatchRequest? _spare;

    /// <summary>Waits for the operation's answer; never throws.</summary>
    public ValueTask<CallAnswer> RunAsync(CallOperation operation)
    {
        // Before it is added: an operation may be answered, and its caller be gone, at once.
        var answer = operation.Answer;
        if (!_queue.TryAdd(operation, out var mayStart))
        {
            return new ValueTask<CallAnswer>(CallAnswer.NotExecuted);
        }

        if (mayStart)
        {
            _ = DrainAsync();
        }

        return answer;
    }

    private async Task DrainAsync()
    {
        for (var batch = _queue.Take(); batch is not null;)
        {
            var answers = await AnswersAsync(batch);

            // The next batch is taken before anybody is continued: a caller that goes on to block must not hold up the lane.
            var next = _queue.Take();
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Complete(answers[i], inline: next is null && batch.Count == 1);
            }

            batch = next;
        }
    }

    /// <summary>One answer for each operation, whatever happens.</summary>
    private async Task<CallAnswer[]> AnswersAsync(List<CallOperation> batch)
    {
        var answers = new CallAnswer[batch.Count];
        try
        {
            var request = Interlocked.Exchange(ref _spare, null) ?? new BatchRequest();
            if (await SendAsync(batch, answers, request))
            {
                _spare = request;
            }
        }
        catch (Exception e)
        {
            // A bug of ours, after which nobody knows whether the batch ran. Its callers must not wait for ever.
            LogFailed(e);
            Array.Fill(answers, new CallAnswer(ScriptOutcome.Unknown));
        }

        return answers;
    }

    /// <summary>
    /// False: the request must not be packed again. The client may still have it to send, and would send the next batch's operations
    /// under this batch's keys.
    /// </summary>
    private async Task<bool> SendAsync(List<CallOperation> batch, CallAnswer[] answers, BatchRequest request)
    {
        var connection = redis.ConnectionNumber;
        var sendable = Sendable(batch, connection);
        if (sendable.Count == 0)
        {
            return true;
        }

        var holds = sendable.Exists(at => batch[at].Holds);
        var sent = sendable.ConvertAll(at => batch[at]);
        request.Pack(sent, partitions.WriteSequence, mostEntries);
        var script = holds ? BatchScripts.Calls : BatchScripts.Settle;
        var reply = await redis.EvaluateAsync(script, request.Keys, request.Values, connection, () => HitFaultPoints(sent));
        if (holds && reply is { Outcome: ReplyOutcome.NotExecuted, IsOutOfMemory: true } && sendable.Exists(at => !batch[at].Holds))
        {
            // Memory is short: the holds are refused, and the others of the batch are resolved all the same.
            sendable.RemoveAll(at => batch[at].Holds);
            sent = sendable.ConvertAll(at => batch[at]);
            script = BatchScripts.Settle;
            request.Pack(sent, partitions.WriteSequence, mostEntries);
            reply = await redis.EvaluateAsync(script, request.Keys, request.Values, connection, () => HitFaultPoints(sent));
        }

        if (reply.Answered)
        {
            Take(reply, script, sent, sendable, answers);
            return true;
        }

        if (reply.ScriptFailed)
        {
            // A bug: the script may have written half of a movement, which only a reload from the ledger repairs.
            MarkCorrupt(sent);
        }

        if (reply.Outcome == ReplyOutcome.Unknown)
        {
            sendable.ForEach(at => answers[at] = new CallAnswer(ScriptOutcome.Unknown));
            RefuseWaiting();
        }

        return false;
    }

    /// <summary>
    /// The places of the operations whose partition may be called on this connection, under their own epoch, by partition. The others stay
    /// "not executed".
    /// </summary>
    private List<int> Sendable(List<CallOperation> batch, long connection)
    {
        var sendable = new List<int>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var (partition, epoch) = (batch[i].Partition, batch[i].Epoch);
            if (epoch != 0 && partitions.Epoch(partition) == epoch && partitions.IsVerifiedOn(partition, connection))
            {
                sendable.Add(i);
            }
        }

        if (sendable.Count < batch.Count)
        {
            partitions.RequestCheck();
        }

        sendable.Sort((one, other) =>
            batch[one].Partition != batch[other].Partition ? batch[one].Partition - batch[other].Partition : one - other);
        return sendable;
    }

    private void Take(RedisReply reply, RedisScript script, List<CallOperation> sent, List<int> places, CallAnswer[] answers)
    {
        var told = new List<CallAnswer>(sent.Count);
        try
        {
            foreach (var (partition, epoch, code, writeSequence) in BatchReply.Read(reply.Result!, script, sent, told))
            {
                switch (code)
                {
                    case PartitionReply.Served:
                        partitions.Observe(partition, epoch, writeSequence);
                        break;
                    case PartitionReply.Fenced:
                        partitions.RequestCheck();
                        break;
                    default:
                        LogPartitionFailed(partition, BatchReply.Problem(reply.Result!));
                        metrics.ScriptFailed();
                        partitions.MarkCorrupt(partition);
                        break;
                }
            }
        }
        catch (Exception e) when (e is UnreadableAnswerException or OverflowException or InvalidCastException)
        {
            // The script ran with an unknown effect: it counts as failed and as one whose answer was lost.
            LogUnreadable(e.Message);
            MarkCorrupt(sent);
            told = sent.ConvertAll(_ => new CallAnswer(ScriptOutcome.Unknown));
        }

        for (var i = 0; i < places.Count; i++)
        {
            answers[places[i]] = told[i];
        }
    }

    /// <summary>
    /// Redis is silent: whatever waits behind the silent batch was not sent, and its callers learn that now and not after a silence of
    /// their own.
    /// </summary>
    private void RefuseWaiting() => _queue.TakeAll().ForEach(operation => operation.Complete(CallAnswer.NotExecuted));

    private void MarkCorrupt(List<CallOperation> operations)
    {
        metrics.ScriptFailed();
        operations.ForEach(operation => partitions.MarkCorrupt(operation.Partition));
    }

    private static void HitFaultPoints(List<CallOperation> operations)
    {
        foreach (var operation in operations)
        {
            FaultPoint.Hit(operation.SentPoint);
        }
    }

    [LoggerMessage(LogLevel.Critical, "{Problem} Its partitions are recovered from the ledger.")]
    private partial void LogUnreadable(string problem);

    [LoggerMessage(LogLevel.Critical, "An operation of partition {Partition} failed, and the partition is recovered: {Problem}")]
    private partial void LogPartitionFailed(int partition, string problem);

    [LoggerMessage(LogLevel.Critical, "A batch of operations failed in the gateway; each of them counts as one whose answer was lost")]
    private partial void LogFailed(Exception e);
}
