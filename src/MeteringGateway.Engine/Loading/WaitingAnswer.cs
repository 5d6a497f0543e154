using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Loading;

internal enum WaitingStatus
{
    /// <summary>The ledger has every entry of these accounts.</summary>
    Clear = 1,

    /// <summary>It may not, before the outbox is flushed.</summary>
    Waiting = 2,
}

/// <summary>What waiting-2.lua answers.</summary>
internal readonly record struct WaitingAnswer(WaitingStatus Status) : IScriptAnswer<WaitingAnswer>
{
    public static readonly GuardedScript<WaitingAnswer> Script = new("waiting-2");

    public static int Length => 2;

    public static WaitingAnswer Of(long[] values) => new((WaitingStatus)values[0]);
}
