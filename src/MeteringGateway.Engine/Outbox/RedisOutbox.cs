using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Outbox;

/// <summary>
/// The transactional outbox: movements that Redis has made and the ledger has not yet, one list a partition. Any number of callers at once.
/// </summary>
internal sealed class RedisOutbox(RedisConnection redis, Partitions partitions) : IOutbox
{
    /// <summary>The life of a movement's idempotency key after the ledger has the entry, which then detects repeats itself.</summary>
    private const int IdempotencyKeySeconds = 3_600;

    private static readonly RedisScript s_trim = RedisScript.Load("trim-2");

    public int Partitions => partitions.Map.Count;

    public async Task<long> LengthAsync(int partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (long)Answer(await redis.ExecuteAsync("LLEN", (RedisKey)PartitionMap.Outbox(partition)));
    }

    /// <summary>The oldest <paramref name="count"/> packed entries, left where they are.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(int partition, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (string[])Answer(await redis.ExecuteAsync("LRANGE", (RedisKey)PartitionMap.Outbox(partition), 0, count - 1))!;
    }

    /// <summary>
    /// Drops the written entries if the list still begins with them: another flusher may have been faster, or a lagging replica may have
    /// taken over. The idempotency keys of credits get their TTL first: after a crash in between, the entry is still there to set it again.
    /// What the ledger has is noted by the script that trims, which Redis takes when its memory is short, too.
    /// </summary>
    public async Task TrimAsync(
        int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds, long writeSequence,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Side by side, for a batch of credits alone has thousands; the trim waits for all of them.
        foreach (var expired in await Task.WhenAll(creditEntryIds.Select(credit => ExpireAsync(partition, credit.EntryId))))
        {
            Answer(expired);
        }

        s_trim.IsDone(Answer(await redis.EvaluateAsync(
            s_trim, [PartitionMap.Outbox(partition), PartitionMap.Committed(partition)],
            [written[0], written.Count, written[^1], writeSequence])));
    }

    /// <inheritdoc/>
    public long WriteSequence(int partition) => partitions.WriteSequence(partition);

    private Task<RedisReply> ExpireAsync(int partition, string entryId) =>
        redis.ExecuteAsync("EXPIRE", (RedisKey)PartitionMap.IdempotencyKey(partition, entryId), IdempotencyKeySeconds);

    private static RedisResult Answer(RedisReply reply) =>
        reply.Answered ? reply.Result! : throw new StoreUnavailableException(reply.Reason!);
}
