using System.Text;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Repeats;

/// <summary>
/// Keeps the answers of calls with an idempotency key in Redis, for a day, so that a repeat gets the first answer again. No money hangs on
/// it: an answer that was not kept, or is lost, leaves the repeat with what the idempotency record says. Any number of callers at once.
/// </summary>
/// <param name="redis">The connection.</param>
/// <param name="partitions">How many share the bytes.</param>
/// <param name="mostBytes">Of all answers together; each partition has its share.</param>
internal sealed class KeptAnswers(RedisConnection redis, PartitionMap partitions, long mostBytes)
{
    /// <summary>Larger answers are not kept: a few of them would take the place of many.</summary>
    public const int LargestAnswer = 256 << 10;

    /// <summary>As long as an idempotency record.</summary>
    private const int LifeInSeconds = 86_400;

    private static readonly RedisScript s_keep = RedisScript.Load("keep-3");

    /// <summary>
    /// False: the answer is not kept, for it is too large, there is no room left, or Redis is away or short of memory. Never throws. To be
    /// called before the commit: between a charge and its answer a gateway may die.
    /// </summary>
    /// <param name="accountId">The account.</param>
    /// <param name="hash">Of the key, with the scope before it where the call has a claim in place of a hold.</param>
    /// <param name="requestId">Whose answer it is; it replaces that of another request with this key.</param>
    /// <param name="answer">Copied: the caller may use the memory again.</param>
    public async Task<bool> KeepAsync(long accountId, string hash, string requestId, ReadOnlyMemory<byte> answer)
    {
        if (answer.Length > LargestAnswer)
        {
            return false;
        }

        var partition = partitions.Of(accountId);
        RedisKey[] keys =
        [
            PartitionMap.KeptAnswer(partition, accountId, hash), PartitionMap.KeptAnswers(partition), PartitionMap.KeptBytes(partition),
        ];

        // A call whose answer is lost may still be sent, when its owner has given the memory back.
        var reply = await redis.EvaluateAsync(
            s_keep, keys,
            [requestId, answer.ToArray(), PartitionMap.NameOfAnswer(accountId, hash), LifeInSeconds, mostBytes / partitions.Count]);
        return reply.Answered && s_keep.IsDone(reply.Result!);
    }

    /// <summary>The answer of that very request; null: it was not kept, or Redis can't be asked.</summary>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(long accountId, string hash, string requestId)
    {
        var reply = await redis.ExecuteAsync(
            "GET", (RedisKey)PartitionMap.KeptAnswer(partitions.Of(accountId), accountId, hash));
        if (!reply.Answered || (byte[]?)reply.Result! is not { } kept)
        {
            return null;
        }

        var owner = Encoding.UTF8.GetBytes(requestId + "|");
        return kept.AsSpan().StartsWith(owner) ? kept.AsMemory(owner.Length) : (ReadOnlyMemory<byte>?)null;
    }
}
