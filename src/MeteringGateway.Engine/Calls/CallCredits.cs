using System.Text.Json;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger;
using MeteringGateway.Ledger.Background;
using MeteringGateway.Ledger.Entries;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Calls;

/// <summary>
/// The way of a call's credits: reserve, then exactly one of commit and release. Any number of callers at once.
/// Knows nothing of HTTP. Expected refusals are values; Redis being away is one of them.
/// </summary>
internal sealed partial class CallCredits(
    ScriptRunner scripts, Partitions partitions, AccountLoader loader, DisputeSettlement settlement, EngineMetrics metrics,
    IOptions<LedgerOptions> ledger, TimeProvider time, ILogger<CallCredits> logger)
{
    /// <summary>One try, one more after Redis was told of account and key, one more after a lost answer.</summary>
    private const int ReserveTries = 3;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    /// <summary>A commit that begins after its hold's deadline (a gateway that stood still) still gets so long.</summary>
    private static readonly TimeSpan s_lateCommit = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Sets the most that the call may cost aside. Where the answer was lost, what may have been held is given back and the next try
    /// has an id of its own: the lost one may still arrive, minutes later, and must not make the hold anew that was committed meanwhile.
    /// Where that fails too, it is given back in the background and by its deadline.
    /// </summary>
    public async Task<ReserveReply> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var partition = partitions.Map.Of(reservation.AccountId);
        var keys = KeysOf(partition, reservation, withOutbox: true);
        var deadline = started + (long)(reservation.Lifetime.TotalSeconds * time.TimestampFrequency);
        var epoch = partitions.Epoch(partition);
        var (id, maybeHeld) = (reservation.RequestId, false);
        for (var attempt = 0; attempt < ReserveTries && partitions.IsSafe; attempt++)
        {
            var reply = await scripts.RunAsync(ReserveAnswer.Script, partition, keys,
                id, reservation.AccountId, reservation.KeyId, reservation.Amount, (long)reservation.Lifetime.TotalMilliseconds,
                reservation.SecretVersion, reservation.Surface, ledger.Value.MaxBacklog);
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
                var (status, snapshot) = reply.Answer;
                var hold = status == ReserveStatus.Reserved
                    ? HoldOf(id, reservation, snapshot, epoch, deadline, time.GetElapsedTime(started))
                    : null;
                return new ReserveReply(status, hold, snapshot);
            }

            if (!maybeHeld || time.GetElapsedTime(started) > RedisConnection.CallDeadline / 2 || !await TryReleaseAsync(Lost(id)))
            {
                break;
            }

            (id, maybeHeld) = (Hold.IdOf(reservation.RequestId, attempt + 2), false);
        }

        if (maybeHeld)
        {
            settlement.Watch(ReleaseAsync(Lost(id)));
        }

        Hold Lost(string of) => new(of, reservation, default, deadline, 0, epoch);

        return new ReserveReply(ReserveStatus.Unavailable, null, default);
    }

    /// <summary>
    /// Charges <paramref name="price"/> and gives the rest of the hold back. Runs to the hold's deadline, whatever becomes of the client:
    /// a send whose answer was lost is repeated with the same id, so that it takes effect once. What can't be settled by then is given up:
    /// not charged, and where it was after all, reversed. That the ledger has no charge counts for the epoch in which it was asked:
    /// past a recovery the store no longer knows which sends took effect.
    /// </summary>
    public async Task<CommitReply> CommitAsync(Hold hold, long price, EntryTail entry)
    {
        var (started, mayHaveRun, freeUnder) = (time.GetTimestamp(), false, 0L);
        var reservation = hold.Reservation;
        var partition = partitions.Map.Of(reservation.AccountId);
        RedisKey[] keys =
            [.. KeysOf(partition, reservation, withOutbox: true), PartitionMap.CreditMarker(partition, reservation.RequestId)];
        var tail = JsonSerializer.Serialize(entry, EntryTailJson.Default.EntryTail);
        for (var pause = s_firstPause; ; pause = Longer(pause))
        {
            var epoch = partitions.Epoch(partition);
            var reply = await scripts.RunUnderAsync(epoch, CommitAnswer.Script, partition, keys,
                hold.Id, reservation.AccountId, reservation.KeyId, price, hold.Windows.Day, hold.Windows.Week, hold.Windows.Month,
                mayHaveRun && freeUnder != epoch ? "1" : "0", tail);
            if (reply.Outcome == ScriptOutcome.Unknown)
            {
                (mayHaveRun, freeUnder) = (true, 0);
            }

            if (reply.Outcome == ScriptOutcome.NotLoaded)
            {
                await TryLoadAsync(reservation);
            }
            else if (!reply.IsUnavailable)
            {
                var (status, snapshot) = reply.Answer;
                var charged = status == CommitStatus.Resolved && InDoubt(hold, snapshot, partition)
                    ? await IsChargedAsync(reservation)
                    : true;
                if (charged is true)
                {
                    metrics.StoreCall("commit", time.GetElapsedTime(started));
                    return Committed(status, snapshot, reservation, price);
                }

                // The hold went by its deadline, or with what Redis lost, and the ledger has no charge: as good as never sent.
                freeUnder = charged is false ? epoch : 0;
            }

            if (time.GetTimestamp() >= hold.Deadline && time.GetElapsedTime(started) > s_lateCommit)
            {
                LogUnsettled(reservation.RequestId, price);
                return new CommitReply(
                    await settlement.GiveUpAsync(hold, price) ? CommitStatus.Unavailable : CommitStatus.Unknown, default);
            }

            await Task.Delay(pause, time);
        }
    }

    /// <summary>
    /// Gives the hold back. Never fails for the caller, and a client waits for one try only: the rest goes on behind it,
    /// and what can't be given back by then goes back by the hold's deadline.
    /// </summary>
    public async Task ReleaseAsync(Hold hold)
    {
        FaultPoint.Hit("before-release");
        if (!await TryReleaseAsync(hold))
        {
            settlement.Watch(KeepReleasingAsync(hold));
        }
    }

    private async Task KeepReleasingAsync(Hold hold)
    {
        for (var pause = s_firstPause; time.GetTimestamp() < hold.Deadline; pause = Longer(pause))
        {
            await Task.Delay(pause, time);
            if (await TryReleaseAsync(hold))
            {
                return;
            }
        }
    }

    private async Task<bool> TryReleaseAsync(Hold hold)
    {
        var started = time.GetTimestamp();
        var partition = partitions.Map.Of(hold.Reservation.AccountId);
        var reply = await scripts.RunAsync(
            ReleaseAnswer.Script, partition, KeysOf(partition, hold.Reservation, withOutbox: false), hold.Id, "0");
        if (reply.Outcome == ScriptOutcome.NotLoaded)
        {
            await TryLoadAsync(hold.Reservation);
            return false;
        }

        if (reply.IsUnavailable)
        {
            return false;
        }

        metrics.StoreCall("release", time.GetElapsedTime(started));
        return true;
    }

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
    /// Does "the hold is gone" say less than "it was committed"? Past its deadline anyone may have given it back, and in another epoch
    /// Redis may have lost it. By the store's clock, for that is the one by which holds expire.
    /// </summary>
    private bool InDoubt(Hold hold, BalanceSnapshot snapshot, int partition) =>
        snapshot.Now.ToUnixTimeMilliseconds() >= hold.StoreDeadline || partitions.Epoch(partition) != hold.Epoch;

    private static Hold HoldOf(string id, Reservation reservation, BalanceSnapshot snapshot, long epoch, long deadline, TimeSpan elapsed)
    {
        var storeDeadline = snapshot.Now.ToUnixTimeMilliseconds() + (long)(reservation.Lifetime - elapsed).TotalMilliseconds;
        return new Hold(id, reservation, snapshot.Windows, deadline, storeDeadline, epoch);
    }

    private async Task<bool?> IsChargedAsync(Reservation reservation)
    {
        try
        {
            return await loader.IsChargedAsync(reservation.AccountId, reservation.RequestId, CancellationToken.None);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            LogNotLoaded(reservation.AccountId, e.Message);
            return null;
        }
    }

    private async Task TryLoadAsync(Reservation reservation)
    {
        try
        {
            await loader.LoadAsync(reservation.AccountId, reservation.KeyId, CancellationToken.None);
        }
        catch (Exception e) when (RetryLoop.IsAway(e))
        {
            LogNotLoaded(reservation.AccountId, e.Message);
        }
    }

    private static RedisKey[] KeysOf(int partition, Reservation reservation, bool withOutbox)
    {
        RedisKey meta = PartitionMap.Meta(partition);
        RedisKey account = PartitionMap.Account(partition, reservation.AccountId);
        RedisKey key = PartitionMap.Key(partition, reservation.KeyId);
        RedisKey holds = PartitionMap.Holds(partition);
        return withOutbox ? [meta, account, key, holds, PartitionMap.Outbox(partition)] : [meta, account, key, holds];
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 > s_longestPause ? s_longestPause : pause * 2;

    [LoggerMessage(LogLevel.Critical, "The commit of {RequestId} ({Price} credits) could not be settled before its hold's deadline; "
        + "it is answered as not charged, and reversed if it was.")]
    private partial void LogUnsettled(string requestId, long price);

    [LoggerMessage(LogLevel.Error, "The hold of {RequestId} had expired and its {Price} credits were spent elsewhere: not charged.")]
    private partial void LogUncollected(string requestId, long price);

    [LoggerMessage(LogLevel.Warning, "The books can't be asked about account {AccountId} now: {Reason}")]
    private partial void LogNotLoaded(long accountId, string reason);
}
