using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>What clock-1.lua answers: the store's time, in milliseconds.</summary>
internal readonly record struct ClockAnswer(long Now) : IScriptAnswer<ClockAnswer>
{
    public static readonly GuardedScript<ClockAnswer> Script = new("clock-1");

    public static int Length => 3;

    public static ClockAnswer Of(long[] values) => new(values[2]);
}
