using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Upkeep;

internal enum SumHoldsStatus
{
    Summed = 1,

    /// <inheritdoc cref="Loading.Batches.LoadStatus.OtherFormat"/>
    OtherFormat = 2,
}

/// <summary>The answer of sum-holds-3.lua: the account's held credits, and the sum of its holds. The balance precedes both.</summary>
internal readonly record struct SumHoldsAnswer(SumHoldsStatus Status, long Held, long Holds) : IScriptAnswer<SumHoldsAnswer>
{
    public static readonly GuardedScript<SumHoldsAnswer> Script = new("sum-holds-3");

    public static int Length => 5;

    public static SumHoldsAnswer Of(long[] values) => new((SumHoldsStatus)values[0], values[3], values[4]);
}
