using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

internal enum AbandonStatus
{
    Released = 1,

    /// <summary>There was no hold, so a commit may have taken effect; the ledger knows.</summary>
    Gone = 2,
}

/// <summary>What abandon-5.lua answers.</summary>
internal readonly record struct AbandonAnswer(AbandonStatus Status) : IScriptAnswer<AbandonAnswer>
{
    public static readonly GuardedScript<AbandonAnswer> Script = new("abandon-5");

    public static int Length => 2;

    public static AbandonAnswer Of(long[] values) => new((AbandonStatus)values[0]);
}
