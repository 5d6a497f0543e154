using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

/// <summary>Moves the deadline of a hold while its call goes on. Any number of callers at once; for one hold one at a time.</summary>
internal sealed class HoldExtension(CallLanes lanes, Partitions partitions, TimeProvider time)
{
    /// <summary>
    /// The hold with its new deadline. Null: it could not be extended before its deadline (Redis is away), or is gone; the owner resolves
    /// the hold that it has, as ever. A lost answer leaves a deadline in Redis that is later than the owner knows, which is safe.
    /// </summary>
    /// <param name="hold">Not resolved, and not past its deadline.</param>
    /// <param name="lifetime">From now on, no longer than the hold was made for; a deadline never becomes an earlier one.</param>
    /// <param name="cancellationToken">Ends the tries: the owner is about to resolve the hold as it is.</param>
    public async Task<Hold?> ExtendAsync(Hold hold, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        var partition = partitions.Map.Of(hold.Reservation.AccountId);
        for (var pause = CallBackOff.First; time.GetTimestamp() < hold.Deadline; pause = CallBackOff.After(pause))
        {
            var started = time.GetTimestamp();
            var answer = await lanes.RunAsync(new ExtendOperation(partition, partitions.Epoch(partition), hold, lifetime));
            if (answer.Outcome == ScriptOutcome.Answered)
            {
                var deadline = started + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
                return answer.Code != ExtendOperation.Extended
                    ? null
                    : hold with
                    {
                        Deadline = Math.Max(hold.Deadline, deadline),
                        RedisDeadline = Math.Max(
                            hold.RedisDeadline, answer.Deadline - (long)time.GetElapsedTime(started).TotalMilliseconds),
                    };
            }

            await Task.Delay(pause, time, cancellationToken);
        }

        return null;
    }
}
