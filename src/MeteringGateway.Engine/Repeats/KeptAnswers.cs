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
/// <param name="mostBytes">Of Redis's memory for all answers together; each partition has its share.</param>
internal sealed class KeptAnswers(RedisConnection redis, PartitionMap partitions, long mostBytes)
{
    /// <summary>Larger bodies are not kept: a few of them would take the place of many.</summary>
    public const int LargestBody = 256 << 10;

    /// <summary>With what stands before the body: no provider's headers have more than 64 KiB, which is all that is read of them.</summary>
    public const int LargestAnswer = LargestBody + (65 << 10);

    /// <summary>
    /// Of a partition's share, for answers that cost nothing: an account that makes any number of them pushes out no answer that
    /// was paid for.
    /// </summary>
    private const int FreePart = 16;

    /// <summary>Of a partition's share, for the answers of one account.</summary>
    private const int AccountPart = 4;

    /// <summary>What the largest answer takes of Redis's memory: an account may have that at least, where its part is smaller.</summary>
    private const long OneAnswer = 400 << 10;

    /// <summary>As long as an idempotency record.</summary>
    private const int LifeInSeconds = 86_400;

    private static readonly RedisScript s_keep = RedisScript.Load("keep-3");

    /// <summary>
    /// False: the answer is not kept, for it is too large, there is no room left, or Redis is away or short of memory. Never throws. To be
    /// called before the commit: between a charge and its answer a gateway may die.
    /// </summary>
    /// <param name="accountId">The account.</param>
    /// <param name="hash">Of the key, with the scope before it where the call has a claim of a scope.</param>
    /// <param name="requestId">Whose answer it is; it replaces that of another request with this key.</param>
    /// <param name="answer">Not copied, and may be sent after the call has ended: nobody writes to it any more.</param>
    /// <param name="isPaid">Answers that cost nothing have a small part of the memory for themselves.</param>
    public async Task<bool> KeepAsync(long accountId, string hash, string requestId, ReadOnlyMemory<byte> answer, bool isPaid = true)
    {
        if (answer.Length > LargestAnswer)
        {
            return false;
        }

        var partition = partitions.Of(accountId);
        RedisKey[] keys =
        [
            PartitionMap.KeptAnswer(partition, accountId, hash), PartitionMap.KeptAnswers(partition, isPaid),
            PartitionMap.KeptBytes(partition, isPaid),
        ];
        var (most, ofAccount) = Shares(mostBytes / partitions.Count, isPaid);
        var reply = await redis.EvaluateAsync(
            s_keep, keys, [requestId, answer, PartitionMap.NameOfAnswer(accountId, hash), LifeInSeconds, most, ofAccount]);
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

    /// <summary>Of the bytes of a partition: what all answers of a kind may take, and what one account's may.</summary>
    internal static (long All, long Account) Shares(long bytes, bool isPaid)
    {
        var all = isPaid ? bytes - (bytes / FreePart) : bytes / FreePart;
        return (all, Math.Max(all / AccountPart, OneAnswer));
    }
}
