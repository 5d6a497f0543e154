using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger;
using Microsoft.Extensions.Options;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>
/// The lanes to Redis. On a single Redis one lane carries all partitions; on a cluster each partition has its own, since the keys of a
/// script share a slot. Any number of callers at once.
/// </summary>
internal sealed class CallLanes(
    RedisConnection redis, Partitions partitions, IOptions<LedgerOptions> ledger, EngineMetrics metrics, ILogger<CallLanes> logger)
{
    private readonly CallLane[] _lanes =
    [
        .. Enumerable.Range(0, partitions.Map.Count).Select(_ => new CallLane(redis, partitions, ledger.Value.MaxBacklog, metrics, logger)),
    ];

    /// <summary>Runs the operation in a batch with others, and waits for its answer; never throws.</summary>
    public ValueTask<CallAnswer> RunAsync(CallOperation operation) =>
        _lanes[redis.IsCluster ? operation.Partition : 0].RunAsync(operation);
}
