using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Loading;

internal enum LoadStatus
{
    Loaded = 1,

    /// <summary>Another loader was faster: the loaded state stays.</summary>
    AlreadyLoaded = 2,

    /// <summary>A hold of the partition is of a format that only another version knows: what is held can't be said.</summary>
    OtherFormat = 3,
}

/// <summary>What load-account-3.lua and load-key-3.lua answer.</summary>
internal readonly record struct LoadAnswer(LoadStatus Status) : IScriptAnswer<LoadAnswer>
{
    public static readonly GuardedScript<LoadAnswer> Account = new("load-account-3");

    public static readonly GuardedScript<LoadAnswer> Key = new("load-key-3");

    public static int Length => 2;

    public static LoadAnswer Of(long[] values) => new((LoadStatus)values[0]);
}
