using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

internal enum TombstoneStatus
{
    Released = 1,

    /// <summary>There was no hold, so a commit may have taken effect: ask the ledger.</summary>
    Gone = 2,
}

/// <summary>What tombstone-6.lua answers.</summary>
internal readonly record struct TombstoneAnswer(TombstoneStatus Status) : IScriptAnswer<TombstoneAnswer>
{
    public static readonly GuardedScript<TombstoneAnswer> Script = new("tombstone-6");

    public static int Length => 2;

    public static TombstoneAnswer Of(long[] values) => new((TombstoneStatus)values[0]);
}
