using System.Buffers.Binary;
using MeteringGateway.Engine.Scripts;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>What a batch says of one partition: its code, and its write sequence afterwards.</summary>
internal readonly record struct PartitionReply(int Partition, long Epoch, int Code, long WriteSequence)
{
    public const int Served = 1;

    /// <summary>The partition is being recovered, or this gateway's epoch is not that of Redis.</summary>
    public const int Fenced = -1;

    /// <summary>What stands in Redis is no partition, or an operation raised: nothing of the partition was written.</summary>
    public const int Failed = -3;
}

/// <summary>Unpacks the answer of a batch, in the layout of batch.lua. Pure.</summary>
internal static class BatchReply
{
    private const int NotLoaded = -2;
    private const int Malformed = -4;
    private const int SnapshotNumbers = BalanceSnapshot.Length - 2;

    /// <summary>What went wrong in a partition; empty as a rule.</summary>
    public static string Problem(RedisResult result) => (string?)result[2] ?? "";

    /// <param name="result">The answer of Redis.</param>
    /// <param name="script">Whose answer it is.</param>
    /// <param name="operations">Those of the batch, in its order.</param>
    /// <param name="answers">Gets the answer of each.</param>
    /// <exception cref="UnreadableAnswerException">The answer is none to these operations.</exception>
    public static List<PartitionReply> Read(
        RedisResult result, RedisScript script, IReadOnlyList<CallOperation> operations, List<CallAnswer> answers)
    {
        if (result.Length < 3 || result[0].Resp2Type != ResultType.Integer || !script.Answers((long)result[0])
            || (byte[]?)result[1] is not { } packed)
        {
            throw new UnreadableAnswerException(script, 0, result.Length);
        }

        var partitions = new List<PartitionReply>();
        var (at, record) = (0, 3);
        for (var i = 0; i < operations.Count;)
        {
            var (partition, epoch) = (operations[i].Partition, operations[i].Epoch);
            var told = new PartitionReply(partition, epoch, (int)Number(), Number());
            var now = Number();
            partitions.Add(told);
            for (; i < operations.Count && operations[i].Partition == partition; i++)
            {
                answers.Add(told.Code switch
                {
                    PartitionReply.Served => Answer(operations[i], told.WriteSequence, now),
                    PartitionReply.Fenced => new CallAnswer(ScriptOutcome.Fenced),
                    PartitionReply.Failed => CallAnswer.NotExecuted,
                    _ => throw new UnreadableAnswerException(script, told.Code, packed.Length),
                });
            }
        }

        return at == packed.Length && record == result.Length ? partitions : throw new UnreadableAnswerException(script, 0, packed.Length);

        CallAnswer Answer(CallOperation operation, long writeSequence, long now)
        {
            var code = (int)Number();
            if (code == NotLoaded)
            {
                return new CallAnswer(ScriptOutcome.NotLoaded);
            }

            if (code == Malformed)
            {
                return CallAnswer.NotExecuted with { Code = Malformed };
            }

            if (!operation.Knows(code))
            {
                throw new UnreadableAnswerException(script, code, packed.Length);
            }

            var snapshot = operation.HasSnapshot(code) ? Snapshot(code, writeSequence, now) : default;
            var deadline = operation is ExtendOperation && code == ExtendOperation.Extended ? Number() : 0;
            return new CallAnswer(ScriptOutcome.Answered, code, snapshot, deadline, operation.HasRecord(code) ? Record() : null);
        }

        BalanceSnapshot Snapshot(int code, long writeSequence, long now)
        {
            var values = new long[BalanceSnapshot.Length];
            (values[0], values[1], values[2]) = (code, writeSequence, now);
            for (var i = 0; i < SnapshotNumbers - 1; i++)
            {
                values[i + 3] = Number();
            }

            return new BalanceSnapshot(values);
        }

        string Record() => record < result.Length && (string?)result[record++] is { } text
            ? text
            : throw new UnreadableAnswerException(script, 0, result.Length);

        long Number()
        {
            if (packed.Length - at < sizeof(double))
            {
                throw new UnreadableAnswerException(script, 0, packed.Length);
            }

            at += sizeof(double);
            return (long)BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(at - sizeof(double)));
        }
    }
}
