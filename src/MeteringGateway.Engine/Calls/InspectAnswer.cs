using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

/// <summary>Would a call with this key be let in?</summary>
internal enum InspectionStatus
{
    /// <summary>The store can't be asked, or the partition is being recovered.</summary>
    Unavailable = 0,
    Active = 1,
    InvalidKey = 10,
    AccountSuspended = 11,
    SurfaceNotAllowed = 12,
}

/// <summary>What the store thinks of a key, and what it and its account have; nothing is held.</summary>
/// <param name="Status">Whether it would be let in.</param>
/// <param name="Snapshot">Empty where the store did not say.</param>
internal readonly record struct KeyInspection(InspectionStatus Status, BalanceSnapshot Snapshot);

/// <summary>What inspect-3.lua answers.</summary>
internal readonly record struct InspectAnswer(KeyInspection Inspection) : IScriptAnswer<InspectAnswer>
{
    public static readonly GuardedScript<InspectAnswer> Script = new("inspect-3");

    public static int Length => BalanceSnapshot.Length;

    public static InspectAnswer Of(long[] values) => new(new KeyInspection((InspectionStatus)values[0], new BalanceSnapshot(values)));
}
