using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Upkeep;

/// <summary>The answer of time-1.lua: Redis's time in milliseconds.</summary>
internal readonly record struct TimeAnswer(long Now) : IScriptAnswer<TimeAnswer>
{
    public static readonly GuardedScript<TimeAnswer> Script = new("time-1");

    public static int Length => 3;

    public static TimeAnswer Of(long[] values) => new(values[2]);
}
