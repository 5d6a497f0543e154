using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls;

internal enum ReleaseStatus
{
    Released = 1,

    /// <summary>There was no hold: a commit or release has resolved it before.</summary>
    Resolved = 2,

    /// <summary>Only an expired hold was to be released, and this hold has not expired.</summary>
    NotExpired = 3,
}

/// <summary>What release-4.lua answers.</summary>
internal readonly record struct ReleaseAnswer(ReleaseStatus Status) : IScriptAnswer<ReleaseAnswer>
{
    public static readonly GuardedScript<ReleaseAnswer> Script = new("release-4");

    public static int Length => 2;

    public static ReleaseAnswer Of(long[] values) => new((ReleaseStatus)values[0]);
}
