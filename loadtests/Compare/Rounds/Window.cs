using MeteringGateway.Compare.Load;
using MeteringGateway.Load.Measuring;

namespace MeteringGateway.Compare.Rounds;

/// <summary>
/// What a closed-loop load came to. Processor time is counted until the outbox is empty again, so that no flush is left out of it;
/// allocations and Redis's counts end with the load, for afterwards only timers run. Immutable.
/// </summary>
/// <param name="Flushed">Share of the load's entries that the ledger had when the load ended.</param>
/// <param name="Settling">From the end of the load until the outbox was empty.</param>
/// <param name="OthersShare">Of the machine's processors, what went to programs outside of this run while the load ran.</param>
internal sealed record Window(
    LoadResult Load, IReadOnlyDictionary<string, double> MicrosecondsPerCall, double AllocatedPerCall, double ScriptsPerCall,
    double CommandsPerCall, double ReadsPerCall, double Flushed, TimeSpan Settling, double OthersShare)
{
    public double PerSecond => Load.PerSecond;

    public static Window Of(LoadResult load, Sample before, Sample ended, Sample settled, TimeSpan settling)
    {
        double calls = load.Requests;
        var redis = ended.Redis is { } later && before.Redis is { } earlier ? later - earlier : null;
        return new Window(
            load,
            settled.Processor.ToDictionary(
                part => part.Key, part => Statistics.Ratio(part.Value - before.Processor.GetValueOrDefault(part.Key), calls)),
            ended.Allocated > 0 ? Statistics.Ratio(ended.Allocated - before.Allocated, calls) : double.NaN,
            redis is null ? double.NaN : Statistics.Ratio(redis.Scripts, calls),
            redis is null ? double.NaN : Statistics.Ratio(redis.Commands, calls),
            redis is null ? double.NaN : Statistics.Ratio(redis.Reads, calls),
            settled.Entries > before.Entries
                ? Statistics.Ratio(ended.Entries - before.Entries, settled.Entries - before.Entries) : double.NaN,
            settling,
            ProcessTree.Share(ended.Others - before.Others, load.Duration));
    }
}
