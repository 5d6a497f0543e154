using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Loading.Batches;

internal enum LoadStatus
{
    Loaded = 1,

    /// <summary>Other loaders were faster: the loaded state stays.</summary>
    AlreadyLoaded = 2,

    /// <summary>A hold of the partition is of a format that only another version knows: what is held can't be said.</summary>
    OtherFormat = 3,
}

/// <summary>What load-3.lua answers of one partition.</summary>
internal readonly record struct LoadAnswer(LoadStatus Status) : IScriptAnswer<LoadAnswer>
{
    public static readonly GuardedScript<LoadAnswer> Script = new("load-3");

    public static int Length => 2;

    public static LoadAnswer Of(long[] values) => new((LoadStatus)values[0]);
}
