using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Calls;

/// <param name="IsKnown">False: Redis can't be asked.</param>
/// <param name="Credits">What the call holds; null: nothing.</param>
internal readonly record struct HeldCall(bool IsKnown, long? Credits);

/// <summary>Looks whether a call is under way, by its hold. Any number of callers at once.</summary>
internal sealed class HoldLookup(RedisConnection redis, PartitionMap partitions)
{
    public async Task<HeldCall> FindAsync(long accountId, string requestId)
    {
        RedisKey name = PartitionMap.Holds(partitions.Of(accountId));
        var reply = await redis.ExecuteAsync(
            "HMGET", [name, .. Enumerable.Range(1, CallCredits.ReserveTries).Select(nth => (object)Hold.IdOf(requestId, nth))]);
        if (!reply.Answered)
        {
            return new HeldCall(false, null);
        }

        foreach (var packed in (string?[])reply.Result!)
        {
            if (packed is not null && PackedHold.TryParse(packed, out var hold) && hold.AccountId == accountId)
            {
                return new HeldCall(true, hold.Amount);
            }
        }

        return new HeldCall(true, null);
    }
}
