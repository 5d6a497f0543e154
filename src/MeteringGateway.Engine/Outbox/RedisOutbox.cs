using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Flushing;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Outbox;

/// <summary>
/// The queue of movements that Redis has made and the ledger has not written yet, one list a partition. Any number of callers at once.
/// </summary>
internal sealed class RedisOutbox(RedisConnection redis, Partitions partitions) : IOutbox
{
    /// <summary>How long a repeat of money in is still known by its marker once the ledger has the entry.</summary>
    private const int MarkerSeconds = 3_600;

    private static readonly RedisScript s_trim = RedisScript.Load("trim-1");

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
    /// Drops the entries that the ledger now has, if the list still begins with them: another flusher may have been faster,
    /// or a replica behind have taken over. The markers of money in start to expire first, so that a crash between the two leaves the entry
    /// that starts them.
    /// </summary>
    public async Task TrimAsync(
        int partition, IReadOnlyList<string> written, IReadOnlyList<(long AccountId, string EntryId)> creditEntryIds,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (_, id) in creditEntryIds)
        {
            Answer(await redis.ExecuteAsync("EXPIRE", (RedisKey)PartitionMap.CreditMarker(partition, id), MarkerSeconds));
        }

        s_trim.IsDone(
            Answer(await redis.EvaluateAsync(s_trim, [PartitionMap.Outbox(partition)], [written[0], written.Count, written[^1]])));
    }

    /// <summary>The highest generation this gateway has seen of the partition.</summary>
    public long WriteSequence(int partition) => partitions.WriteSequence(partition);

    private static RedisResult Answer(RedisReply reply) =>
        reply.Answered ? reply.Result! : throw new StoreUnavailableException(reply.Reason!);
}
