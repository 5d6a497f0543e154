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
    public async Task ReleaseAsync(Hold hold)
    {
        FaultPoint.Hit("before-release");
        if (!await TryReleaseAsync(hold))
        {
            settlement.Watch(KeepReleasingAsync(hold));
        }
    }

    /// <summary>One try. False: no answer, or the account had to be loaded first.</summary>
    public async Task<bool> TryReleaseAsync(Hold hold)
    {
        var started = time.GetTimestamp();
        var reservation = hold.Reservation;
        var partition = partitions.Map.Of(reservation.AccountId);
        var reply = await lanes.RunAsync(new ReleaseOperation(
            partition, partitions.Epoch(partition), hold.Id, reservation.AccountId, reservation.KeyId, isExpiry: false, reservation));
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

    private async Task KeepReleasingAsync(Hold hold)
    {
        for (var pause = CallBackOff.First; time.GetTimestamp() < hold.Deadline; pause = CallBackOff.After(pause))
        {
            await Task.Delay(pause, time);
            if (await TryReleaseAsync(hold))
            {
                return;
            }
        }
    }
}
