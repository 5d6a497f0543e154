using System.Globalization;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Recovery;

/// <summary>
/// Recovers one partition whose Redis is empty, has an older state, or is another server than before, and one whose ledger is an older copy
/// of that which Redis has flushed to.
/// </summary>
/// <remarks>
/// Under the <see cref="EpochLease"/>, so that one gateway recovers for all:
/// <list type="number">
/// <item>Raise the epoch in PostgreSQL, above that of Redis and this gateway's own: an older copy of the ledger is behind both.</item>
/// <item>Fence Redis: no script passes.</item>
/// <item>Flush the rest of the outbox, and drop the holds whose charges the ledger has.</item>
/// <item>Open Redis under the new epoch, with a write sequence above every one that is known. Accounts and keys of another epoch count as
/// not loaded: each is loaded from the ledger on its next use, with the holds that are left. So recovery takes as long for a million
/// accounts as for one.</item>
/// <item>Write the server's run_id to PostgreSQL.</item>
/// </list>
/// If a gateway dies in between, the next look at the partition recovers it again.
/// </remarks>
internal sealed class PartitionRecovery(
    RedisConnection redis, Partitions partitions, EpochStore epochs, LedgerWriter writer, StateReader ledger, TimeProvider time)
{
    /// <summary>Holds in one query; a partition has as many as it has calls in flight.</summary>
    private const int Page = 500;

    /// <summary>Nobody has recovered so often: a Redis that says more is damaged, and would use up the numbers.</summary>
    private const long HighestEpoch = 1L << 40;

    /// <summary>
    /// An idempotency record lives for a day; an hour more for gateways of the version before, which do not say when they raise an epoch.
    /// </summary>
    private static readonly TimeSpan s_recordsLife = TimeSpan.FromHours(25);

    private static readonly RedisScript s_dropHolds = RedisScript.Load("drop-holds-2");
    private static readonly RedisScript s_fence = RedisScript.Load("fence-1");
    private static readonly RedisScript s_open = RedisScript.Load("open-1");

    private readonly string?[] _verifiedRunIds = new string?[partitions.Map.Count];

    /// <summary>
    /// True if the partition is served here, by the Redis process on which it was opened, with a write sequence not behind the
    /// high-water mark. It then counts as verified on the present connection.
    /// </summary>
    public async Task<bool> TryVerifyAsync(int partition)
    {
        // The high-water mark from before the question. Scripts that run after it may be answered before it, on a slow line most are:
        // compared with their mark, Redis would look older than it is.
        var (connection, seen) = (redis.ConnectionNumber, partitions.WriteSequence(partition));
        var owner = await OwnerAsync(partition);
        var epoch = partitions.Epoch(partition);
        if (epoch == 0 || owner.Epoch != epoch || owner.RunId != _verifiedRunIds[partition]
            || owner.WriteSequence < seen || partitions.IsCorrupt(partition))
        {
            return false;
        }

        partitions.MarkVerifiedOn(partition, connection);
        return true;
    }

    public async Task<PartitionOpening> AdoptOrRecoverAsync(int partition, CancellationToken cancellationToken)
    {
        await using var lease = await epochs.AcquireAsync(partition, cancellationToken);

        // Before the ledger's row is read: a flush of another gateway raises first the row and then the note, and needs no lease.
        var committed = await CommittedAsync(partition);
        var known = await lease.ReadAsync(cancellationToken);
        var connection = redis.ConnectionNumber;
        var owner = await OwnerAsync(partition);
        if (!partitions.IsCorrupt(partition) && known.Epoch > 0 && owner.Epoch == known.Epoch && known.RunId == owner.RunId
            && owner.WriteSequence >= Math.Max(known.WriteSequence, partitions.WriteSequence(partition, owner.Epoch))
            && known.Epoch >= partitions.LastEpoch(partition) && committed <= known.WriteSequence)
        {
            Open(partition, owner, connection, TimeSpan.FromSeconds(known.Age));
            return PartitionOpening.Adopted;
        }

        if (owner.Epoch < known.Epoch && owner.RunId == _verifiedRunIds[partition] && known.RunId is { } other && other != owner.RunId)
        {
            // Split brain: another gateway was led to another Redis and recovered the partition there, while our Redis stayed up. Both
            // gateways would fence each other for ever, and spend the same credits twice. The gateway that stayed gives way.
            throw new StoreUnavailableException("another gateway serves from another Redis, which has the money now: lead this one there, "
                + "or start it anew to take the money back");
        }

        var lost = partitions.IsCorrupt(partition)
            || (known.Epoch > 0 && (owner.Epoch < known.Epoch || owner.WriteSequence < known.WriteSequence))
            || known.Epoch < partitions.LastEpoch(partition) || committed > known.WriteSequence;

        // The mark is cleared now, not at the end: a caller that sets it during recovery may have seen a newer fault. If recovery fails,
        // the missing run_id in PostgreSQL makes the next look recover all the same.
        partitions.ClearCorrupt(partition);
        var floor = Math.Max(Math.Min(owner.Epoch, HighestEpoch), partitions.LastEpoch(partition));
        var epoch = await lease.RaiseAsync(floor, cancellationToken);
        await RunAsync(s_fence, [PartitionMap.Meta(partition)], epoch);
        FaultPoint.Hit("recovery-fenced");
        await DrainAsync(lease, partition, epoch, cancellationToken);
        await DropChargedHoldsAsync(lease, partition, epoch, cancellationToken);
        FaultPoint.Hit("recovery-drained");
        await RunAsync(
            s_open, [PartitionMap.Meta(partition)], epoch,
            Math.Max(Math.Max(known.WriteSequence, owner.WriteSequence), Math.Max(committed, partitions.WriteSequence(partition))));
        connection = redis.ConnectionNumber;
        var opened = await OwnerAsync(partition);
        if (opened.RunId != owner.RunId)
        {
            throw new StoreUnavailableException("another Redis took over while the partition was recovered");
        }

        await lease.WriteRunIdAsync(opened.RunId, opened.WriteSequence, cancellationToken);
        Open(partition, opened, connection, TimeSpan.Zero);
        return lost ? PartitionOpening.Recovered : PartitionOpening.Begun;
    }

    /// <summary>Flushes the rest of the outbox under the new epoch: every entry in it was charged, whatever its age.</summary>
    private async Task DrainAsync(EpochLease lease, int partition, long epoch, CancellationToken cancellationToken)
    {
        FlushOutcome outcome;
        do
        {
            await lease.HeartbeatAsync(cancellationToken);
            outcome = (await writer.FlushPartitionAsync(partition, epoch, cancellationToken)).Outcome;
        }
        while (outcome == FlushOutcome.Flushed);

        if (outcome is FlushOutcome.FencedEpoch or FlushOutcome.ForgottenCommit)
        {
            throw new StoreUnavailableException("a newer recovery is under way");
        }

        if (outcome == FlushOutcome.OtherFormat)
        {
            throw new StoreUnavailableException("its outbox has entries of a format that only another version of the gateway knows");
        }
    }

    /// <summary>
    /// A Redis that came back with an older state may have holds of calls that the ledger has charged since. Such a call would count
    /// twice against balance and limits until the hold's deadline: as spent, by the ledger, and as held.
    /// </summary>
    private async Task DropChargedHoldsAsync(EpochLease lease, int partition, long epoch, CancellationToken cancellationToken)
    {
        RedisKey holds = PartitionMap.Holds(partition);
        var reply = await redis.ExecuteAsync("HKEYS", holds);
        var ids = reply.Answered ? (string[])reply.Result! : throw new StoreUnavailableException(reply.Reason!);
        foreach (var page in ids.Chunk(Page))
        {
            await lease.HeartbeatAsync(cancellationToken);
            var charged = await ledger.ReadChargedAsync([.. page.Select(Hold.RequestOf)], cancellationToken);
            RedisValue[] drop = [epoch, .. page.Where(id => charged.Contains(Hold.RequestOf(id))).Select(id => (RedisValue)id)];
            if (drop.Length > 1)
            {
                await RunAsync(s_dropHolds, [PartitionMap.Meta(partition), holds], drop);
            }
        }
    }

    private void Open(int partition, IdentifyAnswer owner, long connection, TimeSpan age)
    {
        _verifiedRunIds[partition] = owner.RunId;

        // Before the first epoch there was nothing to lose.
        var young = owner.Epoch > 1 && age < s_recordsLife ? s_recordsLife - age : TimeSpan.Zero;
        partitions.Open(
            partition, owner.Epoch, owner.WriteSequence, connection,
            time.GetTimestamp() + (long)(young.TotalSeconds * time.TimestampFrequency));
    }

    private async Task<IdentifyAnswer> OwnerAsync(int partition)
    {
        var reply = await redis.EvaluateAsync(IdentifyAnswer.Script, [PartitionMap.Meta(partition)], []);
        var owner = reply.Answered ? IdentifyAnswer.Of(reply.Result!) : throw new StoreUnavailableException(reply.Reason!);
        return owner.IsOfAnotherFormat
            ? throw new StoreUnavailableException("Redis has its accounts in a format that only another version of the gateway knows")
            : owner;
    }

    /// <summary>The write sequence that the ledger had committed by the last flush; 0: there is no note of it.</summary>
    private async Task<long> CommittedAsync(int partition)
    {
        var reply = await redis.ExecuteAsync("MGET", (RedisKey)PartitionMap.Committed(partition));
        return !reply.Answered ? throw new StoreUnavailableException(reply.Reason!)
            : long.TryParse((string?)reply.Result![0], NumberStyles.None, CultureInfo.InvariantCulture, out var committed) ? committed : 0;
    }

    private async Task RunAsync(RedisScript script, RedisKey[] keys, params RedisValue[] values)
    {
        var reply = await redis.EvaluateAsync(script, keys, values);
        if (!reply.Answered)
        {
            throw new StoreUnavailableException(reply.Reason!);
        }

        if (!script.IsDone(reply.Result!))
        {
            throw new StoreUnavailableException("a newer recovery is under way");
        }
    }
}
