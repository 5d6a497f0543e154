using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

/// <summary>What reserve-5.lua answers.</summary>
internal readonly record struct ReserveAnswer(ReserveStatus Status, BalanceSnapshot Snapshot) : IScriptAnswer<ReserveAnswer>
{
    public static readonly GuardedScript<ReserveAnswer> Script = new("reserve-5");

    public static int Length => BalanceSnapshot.Length;

    public static ReserveAnswer Of(long[] values) => new((ReserveStatus)values[0], new BalanceSnapshot(values));
}
