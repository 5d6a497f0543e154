using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>What weigh-3.lua answers: what the account says is held, and what its holds come to. Its balance stands before them.</summary>
internal readonly record struct WeighAnswer(long Held, long Holds) : IScriptAnswer<WeighAnswer>
{
    public static readonly GuardedScript<WeighAnswer> Script = new("weigh-3");

    public static int Length => 5;

    public static WeighAnswer Of(long[] values) => new(values[3], values[4]);
}
