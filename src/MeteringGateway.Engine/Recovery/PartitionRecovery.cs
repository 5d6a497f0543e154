using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Epochs;
using MeteringGateway.Ledger.Flushing;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Recovery;

/// <summary>Makes one partition right again whose Redis is empty, older or another than the one it belongs to.</summary>
/// <remarks>
/// Under PostgreSQL's lock, so that it happens once for all gateways:
/// 1 raise the epoch in PostgreSQL; 2 fence Redis, no script passes; 3 flush what is left of the outbox, and drop the holds whose charges
/// the ledger has;
/// 4 open Redis under the new epoch, which forgets every account and key: what was loaded under another one is loaded from the ledger
/// on its next use, with the holds that are left; 5 write down which Redis it was. So it takes as long for a million accounts as for one.
/// A gateway that dies anywhere leaves a partition that the next look recovers again.
/// </remarks>
internal sealed class PartitionRecovery(
    RedisConnection redis, Partitions partitions, EpochStore epochs, PartitionEpochs flushers, LedgerWriter writer, StateReader ledger)
{
    /// <summary>Holds that are looked at in one go; there are as many as calls in flight.</summary>
    private const int Page = 500;

    private static readonly RedisScript s_dropHolds = RedisScript.Load("drop-holds-2");
    private static readonly RedisScript s_fence = RedisScript.Load("fence-1");
    private static readonly RedisScript s_open = RedisScript.Load("open-1");

    private readonly string?[] _verifiedRunIds = new string?[partitions.Map.Count];

    /// <summary>
    /// Is it served here, by the process that it was proven on, and no older than this gateway has seen it? If so,
    /// it is proven on the connection of now.
    /// </summary>
    public async Task<bool> TryVerifyAsync(int partition)
    {
        // What was known before the question: answers of scripts that ran after it may be taken before its own, on a slow line most are,
        // and Redis would look older than it is.
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
        await using var turn = await epochs.LockAsync(partition, cancellationToken);
        var known = await turn.ReadAsync(cancellationToken);
        var connection = redis.ConnectionNumber;
        var owner = await OwnerAsync(partition);
        if (!partitions.IsCorrupt(partition) && known.Epoch > 0 && owner.Epoch == known.Epoch && known.RunId == owner.RunId
            && owner.WriteSequence >= Math.Max(known.WriteSequence, partitions.WriteSequence(partition, owner.Epoch)))
        {
            Open(partition, owner, connection);
            return PartitionOpening.Adopted;
        }

        if (owner.Epoch < known.Epoch && owner.RunId == _verifiedRunIds[partition] && known.RunId is { } other && other != owner.RunId)
        {
            // A split brain: another gateway was led to another Redis and took the money there, while ours stayed. Both would take it from
            // each other for ever, and spend what the other has spent. So who stayed gives way.
            throw new StoreUnavailableException("another gateway serves from another Redis, which has the money now: lead this one there, "
                + "or start it anew to take the money back");
        }

        var lost = partitions.IsCorrupt(partition)
            || (known.Epoch > 0 && (owner.Epoch < known.Epoch || owner.WriteSequence < known.WriteSequence));

        // Cleared now, not at the end: who suspects it meanwhile may have seen what comes after we forgot. Should we fail,
        // the missing run id has it recovered all the same.
        partitions.ClearCorrupt(partition);
        var epoch = await turn.RaiseAsync(cancellationToken);
        await RunAsync(s_fence, [PartitionMap.Meta(partition)], epoch);
        FaultPoint.Hit("recovery-fenced");
        await DrainAsync(turn, partition, epoch, cancellationToken);
        await DropSettledHoldsAsync(turn, partition, epoch, cancellationToken);
        FaultPoint.Hit("recovery-drained");
        await RunAsync(
            s_open, [PartitionMap.Meta(partition)], epoch,
            Math.Max(Math.Max(known.WriteSequence, owner.WriteSequence), partitions.WriteSequence(partition)));
        connection = redis.ConnectionNumber;
        var opened = await OwnerAsync(partition);
        if (opened.RunId != owner.RunId)
        {
            throw new StoreUnavailableException("another Redis took over while the partition was recovered");
        }

        await turn.WriteRunIdAsync(opened.RunId, cancellationToken);
        Open(partition, opened, connection);
        return lost ? PartitionOpening.Recovered : PartitionOpening.Begun;
    }

    /// <summary>Writes what is left in the outbox, under the new epoch: whatever its age, it was charged.</summary>
    private async Task DrainAsync(EpochStore.Turn turn, int partition, long epoch, CancellationToken cancellationToken)
    {
        FlushOutcome outcome;
        do
        {
            await turn.PingAsync(cancellationToken);
            outcome = (await writer.FlushPartitionAsync(partition, epoch, cancellationToken)).Outcome;
        }
        while (outcome == FlushOutcome.Flushed);

        if (outcome == FlushOutcome.FencedEpoch)
        {
            throw new StoreUnavailableException("a newer recovery is under way");
        }

        if (outcome == FlushOutcome.OtherFormat)
        {
            throw new StoreUnavailableException("its outbox has entries of a format that only another version of the gateway knows");
        }
    }

    /// <summary>
    /// A Redis that came back older may still hold what was charged and written since: counted as spent by the ledger and as held by
    /// the hold, the call would stand twice against its balance and its limits until the hold's deadline.
    /// </summary>
    private async Task DropSettledHoldsAsync(EpochStore.Turn turn, int partition, long epoch, CancellationToken cancellationToken)
    {
        RedisKey holds = PartitionMap.Holds(partition);
        var reply = await redis.ExecuteAsync("HKEYS", holds);
        var ids = reply.Answered ? (string[])reply.Result! : throw new StoreUnavailableException(reply.Reason!);
        foreach (var page in ids.Chunk(Page))
        {
            await turn.PingAsync(cancellationToken);
            var charged = await ledger.ReadChargedAsync([.. page.Select(Hold.RequestOf)], cancellationToken);
            RedisValue[] settled = [epoch, .. page.Where(id => charged.Contains(Hold.RequestOf(id))).Select(id => (RedisValue)id)];
            if (settled.Length > 1)
            {
                await RunAsync(s_dropHolds, [PartitionMap.Meta(partition), holds], settled);
            }
        }
    }

    private void Open(int partition, IdentifyAnswer owner, long connection)
    {
        flushers.Learn(partition, owner.Epoch);
        _verifiedRunIds[partition] = owner.RunId;
        partitions.Open(partition, owner.Epoch, owner.WriteSequence, connection);
    }

    private async Task<IdentifyAnswer> OwnerAsync(int partition)
    {
        var reply = await redis.EvaluateAsync(IdentifyAnswer.Script, [PartitionMap.Meta(partition)], []);
        return reply.Answered ? IdentifyAnswer.Of(reply.Result!) : throw new StoreUnavailableException(reply.Reason!);
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
