using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Upkeep;

internal enum WeighStatus
{
    Weighed = 1,

    /// <inheritdoc cref="Loading.LoadStatus.OtherFormat"/>
    OtherFormat = 2,
}

/// <summary>What weigh-3.lua answers: what the account says is held, and what its holds come to. Its balance stands before them.</summary>
internal readonly record struct WeighAnswer(WeighStatus Status, long Held, long Holds) : IScriptAnswer<WeighAnswer>
{
    public static readonly GuardedScript<WeighAnswer> Script = new("weigh-3");

    public static int Length => 5;

    public static WeighAnswer Of(long[] values) => new((WeighStatus)values[0], values[3], values[4]);
}
