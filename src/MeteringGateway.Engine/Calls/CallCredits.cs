using System.Text.Json;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Engine.Calls;

/// <summary>
/// Two-phase charge of a call: reserve, then exactly one of commit and release. Expected refusals are values, an unavailable Redis among
/// them. Any number of callers at once.
/// </summary>
internal sealed partial class CallCredits(
    CallLanes lanes, Partitions partitions, AccountLoader loader, LedgerLookup lookup, RepeatLookup repeats, HoldRelease releases,
    DisputeSettlement settlement, EngineMetrics metrics, TimeProvider time, ILogger<CallCredits> logger)
{
    /// <summary>The first try, one more after account and key were loaded, one more after a lost answer.</summary>
    public const int ReserveTries = 3;

    /// <summary>The least time for a commit that begins at or after its hold's deadline: the process may have stood still.</summary>
    private static readonly TimeSpan s_lateCommit = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Holds the most that the call may cost. After a lost answer the hold that may exist is released and the next try has a hold id of its
    /// own: the lost send may still be delivered, minutes later, and must not make a hold again that was committed meanwhile.
    /// If the release fails too, it goes on in the background, until the hold's deadline.
    /// After a recovery the ledger is asked first whether the idempotency key was charged (<see cref="RepeatLookup"/>), under the epoch of
    /// the reserve.
    /// </summary>
    public async Task<ReserveReply> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var partition = partitions.Map.Of(reservation.AccountId);
        var deadline = started + (long)(reservation.Lifetime.TotalSeconds * time.TimestampFrequency);
        var (id, maybeHeld, epoch, askedUnder) = (reservation.RequestId, false, 0L, 0L);
        for (var attempt = 0; attempt < ReserveTries && partitions.IsSafe; attempt++)
        {
            epoch = partitions.Epoch(partition);
            if (reservation.Idempotency is { } ticket && epoch != askedUnder && repeats.IsNeeded(partition))
            {
                var (found, first) = await repeats.FindAsync(reservation.AccountId, ticket);
                if (found != ReserveStatus.Reserved)
                {
                    return await RepeatedAsync(reservation, found, first, cancellationToken);
                }

                askedUnder = epoch;
            }

            var reply = await lanes.RunAsync(new ReserveOperation(partition, epoch, id, reservation));
            if (reply.Outcome == ScriptOutcome.NotLoaded)
            {
                if (!await loader.LoadAsync(reservation.AccountId, reservation.KeyId, cancellationToken))
                {
                    return new ReserveReply(ReserveStatus.InvalidKey, null, default);
                }

                continue;
            }

            maybeHeld = reply.Outcome == ScriptOutcome.Unknown;
            if (!reply.IsUnavailable)
            {
                metrics.StoreCall("reserve", time.GetElapsedTime(started));
                var (status, snapshot) = ((ReserveStatus)reply.Code, reply.Snapshot);
                var hold = status == ReserveStatus.Reserved
                    ? HoldOf(id, reservation, snapshot, epoch, deadline, time.GetElapsedTime(started))
                    : null;
                return new ReserveReply(status, hold, snapshot, reply.Record is { } record ? FirstCall.Of(record) : null);
            }

            if (!maybeHeld || time.GetElapsedTime(started) > RedisConnection.CallDeadline / 2 || !await releases.TryReleaseAsync(Lost(id)))
            {
                break;
            }

            (id, maybeHeld) = (Hold.IdOf(reservation.RequestId, attempt + 2), false);
        }

        if (maybeHeld)
        {
            settlement.Watch(releases.ReleaseAsync(Lost(id)));
        }

        Hold Lost(string of) => new(of, reservation, default, deadline, 0, epoch);

        return new ReserveReply(ReserveStatus.Unavailable, null, default);
    }

    /// <summary>
    /// What reserve would answer now, and nothing of it done: no hold, no call counted, no window started, and no look at the idempotency
    /// key. <see cref="ReserveStatus.Reserved"/> without a hold: the call would pass. With an amount of 0 only what is not about credits
    /// is asked.
    /// </summary>
    public Task<ReserveReply> TryOutAsync(Reservation reservation, CancellationToken cancellationToken) =>
        DecideAsync(reservation, counts: false, cancellationToken);

    /// <summary>
    /// Admits a call that costs nothing (amount 0): all that reserve asks but what is about credits and the backlog, and the call counts
    /// against the key's calls a minute. <see cref="ReserveStatus.Reserved"/> without a hold: there is nothing to resolve.
    /// </summary>
    public Task<ReserveReply> AdmitAsync(Reservation reservation, CancellationToken cancellationToken) =>
        DecideAsync(reservation, counts: true, cancellationToken);

    private async Task<ReserveReply> DecideAsync(Reservation reservation, bool counts, CancellationToken cancellationToken)
    {
        var (started, partition) = (time.GetTimestamp(), partitions.Map.Of(reservation.AccountId));
        for (var attempt = 0; attempt < ReserveTries && partitions.IsSafe; attempt++)
        {
            var reply = await lanes.RunAsync(new AdmitOperation(partition, partitions.Epoch(partition), reservation, counts));
            if (reply.Outcome == ScriptOutcome.NotLoaded)
            {
                if (!await loader.LoadAsync(reservation.AccountId, reservation.KeyId, cancellationToken))
                {
                    return new ReserveReply(ReserveStatus.InvalidKey, null, default);
                }

                continue;
            }

            if (!reply.IsUnavailable)
            {
                metrics.StoreCall("reserve", time.GetElapsedTime(started));
                return new ReserveReply((ReserveStatus)reply.Code, null, reply.Snapshot);
            }

            break;
        }

        return new ReserveReply(ReserveStatus.Unavailable, null, default);
    }

    /// <summary>A repeat that the ledger knows: behind the checks of key, account, surface and calls a minute, as in reserve.</summary>
    private async Task<ReserveReply> RepeatedAsync(
        Reservation reservation, ReserveStatus found, FirstCall? first, CancellationToken cancellationToken)
    {
        var asked = found == ReserveStatus.Unavailable
            ? default
            : await AdmitAsync(reservation with { Amount = 0 }, cancellationToken);
        return asked.Status == ReserveStatus.Reserved ? asked with { Status = found, First = first } : asked;
    }

    /// <summary>
    /// Charges <paramref name="price"/> and releases the rest of the hold. Repeats a send whose answer was lost, with the same id,
    /// so that it takes effect once; the client's disconnect does not end it. On deadline: the commit is recorded as disputed and answered
    /// as "not charged"; if the ledger later shows the charge, <see cref="DisputeSettlement"/> reverses it.
    /// </summary>
    public async Task<CommitReply> CommitAsync(Hold hold, long price, EntryTail entry)
    {
        // notChargedInEpoch: the epoch in which the ledger was last seen without this charge. It is void after a recovery, since Redis
        // then no longer knows which sends took effect.
        var (started, mayHaveRun, notChargedInEpoch) = (time.GetTimestamp(), false, 0L);
        var reservation = hold.Reservation;
        var partition = partitions.Map.Of(reservation.AccountId);
        var key = reservation.Idempotency;
        var tail = JsonSerializer.Serialize(
            key is null ? entry : entry with { Idempotency = key.Hash, Fingerprint = key.Fingerprint }, EntryTailJson.Default.EntryTail);
        for (var pause = CallBackOff.First; ; pause = CallBackOff.After(pause))
        {
            var epoch = partitions.Epoch(partition);
            var reply = await lanes.RunAsync(
                new CommitOperation(partition, epoch, hold, price, isRetry: mayHaveRun && notChargedInEpoch != epoch, tail));
            if (reply.Outcome == ScriptOutcome.Unknown)
            {
                (mayHaveRun, notChargedInEpoch) = (true, 0);
            }

            if (reply.Outcome == ScriptOutcome.NotLoaded)
            {
                await loader.TryLoadAsync(reservation.AccountId, reservation.KeyId);
            }
            else if (!reply.IsUnavailable)
            {
                var (status, snapshot) = ((CommitStatus)reply.Code, reply.Snapshot);
                var charged = status == CommitStatus.Resolved && MayBeUncharged(hold, snapshot, partition)
                    ? await IsChargedAsync(reservation)
                    : true;
                if (charged is true)
                {
                    metrics.StoreCall("commit", time.GetElapsedTime(started));
                    return Committed(status, snapshot, reservation, price);
                }

                // The hold expired, or Redis lost it, and the ledger has no charge: this commit counts as never sent.
                notChargedInEpoch = charged is false ? epoch : 0;
            }

            if (time.GetTimestamp() >= hold.Deadline && time.GetElapsedTime(started) > s_lateCommit)
            {
                LogDisputed(reservation.RequestId, price);
                return new CommitReply(
                    await settlement.DisputeAsync(hold, price) ? CommitStatus.Unavailable : CommitStatus.Unknown, default);
            }

            await Task.Delay(pause, time);
        }
    }

    /// <inheritdoc cref="HoldRelease.ReleaseAsync"/>
    public Task ReleaseAsync(Hold hold, bool isFree = false) => releases.ReleaseAsync(hold, isFree);

    private CommitReply Committed(CommitStatus status, BalanceSnapshot snapshot, Reservation reservation, long price)
    {
        switch (status)
        {
            case CommitStatus.Uncollected:
                metrics.Uncollected(price);
                LogUncollected(reservation.RequestId, price);
                break;
            case CommitStatus.AboveHold:
                throw new InvalidOperationException(
                    $"The price {price} is above the {reservation.Amount} credits held for {reservation.RequestId}.");
            case CommitStatus.Committed:
            case CommitStatus.Resolved:
            case CommitStatus.Unavailable:
            case CommitStatus.Unknown:
                break;
        }

        return new CommitReply(status, snapshot);
    }

    /// <summary>
    /// Can a hold be gone without a commit? Yes after its deadline, when any gateway may have released it, and in another epoch, when Redis
    /// may have lost it. The deadline is by the clock of Redis, by which holds expire.
    /// </summary>
    private bool MayBeUncharged(Hold hold, BalanceSnapshot snapshot, int partition) =>
        snapshot.Now.ToUnixTimeMilliseconds() >= hold.RedisDeadline || partitions.Epoch(partition) != hold.Epoch;

    private static Hold HoldOf(string id, Reservation reservation, BalanceSnapshot snapshot, long epoch, long deadline, TimeSpan elapsed)
    {
        var redisDeadline = snapshot.Now.ToUnixTimeMilliseconds() + (long)(reservation.Lifetime - elapsed).TotalMilliseconds;
        return new Hold(id, reservation, snapshot.Windows, deadline, redisDeadline, epoch);
    }

    private async Task<bool?> IsChargedAsync(Reservation reservation)
    {
        try
        {
            return await lookup.IsChargedAsync(reservation.AccountId, reservation.RequestId, CancellationToken.None);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            LogNotAsked(reservation.AccountId, e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Critical, "The commit of {RequestId} ({Price} credits) could not be confirmed before its hold's deadline; "
        + "it is answered as not charged, and reversed if it was.")]
    private partial void LogDisputed(string requestId, long price);

    [LoggerMessage(LogLevel.Error, "The hold of {RequestId} had expired and its {Price} credits were spent elsewhere: not charged.")]
    private partial void LogUncollected(string requestId, long price);

    [LoggerMessage(LogLevel.Warning, "The ledger can't be asked about account {AccountId} now: {Reason}")]
    private partial void LogNotAsked(long accountId, string reason);
}
