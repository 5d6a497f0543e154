using MeteringGateway.Credits;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FaultTests;

/// <summary>What a Redis that loses its data may take with it: the charges that wait in its outbox just then, and those made in the moment of the loss.</summary>
internal sealed class Losses
{
    /// <summary>From the look at the outbox until the loss has come and the last client has read an answer from before it.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(3);

    private readonly HashSet<string> _waiting = [];
    private readonly List<long> _instants = [];

    public async Task NoteAsync(string connection)
    {
        _instants.Add(TimeProvider.System.GetTimestamp());
        await using var redis = new RedisConnection(connection, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        for (var partition = 0; partition < FaultWorld.Partitions; partition++)
        {
            var reply = await redis.ExecuteAsync("LRANGE", (RedisKey)PartitionMap.Outbox(partition), 0, -1);
            foreach (var packed in reply.Answered ? (string[])reply.Result! : [])
            {
                if (OutboxEntry.TryParse(packed, out var entry, out _))
                {
                    _waiting.Add(entry!.EntryId);
                }
            }
        }
    }

    public bool MayForget(ClientCall call) =>
        _waiting.Contains(call.RequestId ?? "")
        || _instants.Exists(loss => TimeProvider.System.GetElapsedTime(loss, call.Ended) is var after && after >= TimeSpan.Zero && after < s_moment);
}
