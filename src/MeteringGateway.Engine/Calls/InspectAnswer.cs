using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

/// <summary>Whether a call with this key would be admitted.</summary>
internal enum InspectionStatus
{
    /// <summary>Redis can't be asked, or the partition is being recovered.</summary>
    Unavailable = 0,
    Active = 1,
    InvalidKey = 10,
    AccountSuspended = 11,
    SurfaceNotAllowed = 12,
}

/// <summary>Redis's answer about a key and its account; nothing is held.</summary>
/// <param name="Status">Whether a call would be admitted.</param>
/// <param name="Snapshot">Empty without an answer.</param>
internal readonly record struct KeyInspection(InspectionStatus Status, BalanceSnapshot Snapshot);

/// <summary>What inspect-3.lua answers.</summary>
internal readonly record struct InspectAnswer(KeyInspection Inspection) : IScriptAnswer<InspectAnswer>
{
    public static readonly GuardedScript<InspectAnswer> Script = new("inspect-3");

    public static int Length => BalanceSnapshot.Length;

    public static InspectAnswer Of(long[] values) => new(new KeyInspection((InspectionStatus)values[0], new BalanceSnapshot(values)));
}
