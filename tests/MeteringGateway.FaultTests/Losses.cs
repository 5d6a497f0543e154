using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace MeteringGateway.FaultTests;

/// <summary>
/// What a Redis that loses its data may take with it: the charges that wait in its outbox just then, and those of calls that
/// were under way.
/// </summary>
internal sealed class Losses
{
    private readonly HashSet<string> _waiting = [];
    private readonly List<(long Began, long Done)> _moments = [];

    public async Task DuringAsync(string connection, Func<Task> loss)
    {
        var began = TimeProvider.System.GetTimestamp();
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

        await loss();
        _moments.Add((began, TimeProvider.System.GetTimestamp()));
    }

    /// <summary>
    /// A call that began when the loss was over must be in the ledger, and so must one that had ended before and waited no more.
    /// </summary>
    public bool MayForget(ClientCall call) =>
        _waiting.Contains(call.RequestId ?? "") || _moments.Exists(loss => call.Ended >= loss.Began && call.Began <= loss.Done);
}
