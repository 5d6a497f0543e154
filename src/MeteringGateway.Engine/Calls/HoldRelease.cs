using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Background;

namespace MeteringGateway.Engine.Calls;

/// <summary>Gives a hold back without a charge. Any number of callers at once.</summary>
internal sealed class HoldRelease(
    CallLanes lanes, Partitions partitions, AccountLoader loader, DisputeSettlement settlement, EngineMetrics metrics,
    TimeProvider time)
{
    /// <summary>
    /// Never fails for the caller, and waits for one try only. Further tries run in the background until the hold's deadline, when the hold
    /// expires by itself.
    /// </summary>
    /// <param name="hold">The hold.</param>
    /// <param name="isFree">
    /// The call is done and cost nothing: a repeat with its idempotency key gets its answer. Where the hold expires first, a repeat is a
    /// new call.
    /// </param>
    public async Task ReleaseAsync(Hold hold, bool isFree = false)
    {
        FaultPoint.Hit("before-release");
        if (!await TryReleaseAsync(hold, isFree))
        {
            settlement.Watch(KeepReleasingAsync(hold, isFree));
        }
    }

    /// <summary>One try. False: no answer, or the account had to be loaded first.</summary>
    public async Task<bool> TryReleaseAsync(Hold hold, bool isFree = false)
    {
        var started = time.GetTimestamp();
        var reservation = hold.Reservation;
        var partition = partitions.Map.Of(reservation.AccountId);
        var reply = await lanes.RunAsync(new ReleaseOperation(
            partition, partitions.Epoch(partition), hold.Id, reservation.AccountId, reservation.KeyId,
            isFree ? ReleaseMode.Free : ReleaseMode.Uncharged, reservation));
        if (reply.Outcome == ScriptOutcome.NotLoaded)
        {
            await loader.TryLoadAsync(reservation.AccountId, reservation.KeyId);
            return false;
        }

        if (reply.IsUnavailable)
        {
            return false;
        }

        metrics.StoreCall("release", time.GetElapsedTime(started));
        return true;
    }

    private async Task KeepReleasingAsync(Hold hold, bool isFree)
    {
        for (var pause = CallBackOff.First; time.GetTimestamp() < hold.Deadline; pause = CallBackOff.After(pause))
        {
            await Task.Delay(pause, time);
            if (await TryReleaseAsync(hold, isFree))
            {
                return;
            }
        }
    }
}
