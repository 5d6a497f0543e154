namespace MeteringGateway.Engine.Scripts;

/// <summary>What is known of a guarded script's execution.</summary>
internal enum ScriptOutcome
{
    /// <summary>The script did not run.</summary>
    NotExecuted = 0,

    /// <summary>The script may have run: its answer was lost or is unreadable.</summary>
    Unknown,

    /// <summary>The script changed nothing: the partition is being recovered, or this gateway's epoch is not that of Redis.</summary>
    Fenced,

    /// <summary>The script changed nothing: Redis does not know the account or the key yet.</summary>
    NotLoaded,

    /// <summary>The script ran and answered.</summary>
    Answered,
}

/// <summary>The reply to a guarded script.</summary>
/// <param name="Outcome">What is known of its execution.</param>
/// <param name="Answer">Valid if the outcome is <see cref="ScriptOutcome.Answered"/>.</param>
internal readonly record struct ScriptReply<TAnswer>(ScriptOutcome Outcome, TAnswer Answer)
    where TAnswer : struct
{
    /// <summary>No answer, or the answer that the partition can't be served now.</summary>
    public bool IsUnavailable => Outcome is ScriptOutcome.NotExecuted or ScriptOutcome.Unknown or ScriptOutcome.Fenced;
}

/// <summary>The answers that every guarded script can give, each followed by the write sequence alone.</summary>
internal static class ScriptAnswer
{
    /// <summary>The partition is being recovered, or this gateway's epoch is not that of Redis.</summary>
    public const long Fenced = -1;

    /// <summary>Redis does not know the account or the key yet.</summary>
    public const long NotLoaded = -2;

    /// <summary>
    /// Of a script of many partitions: something raised in this one, and nothing of it was written. The reason follows.
    /// </summary>
    public const long Failed = -3;

    /// <summary>The code and the write sequence.</summary>
    public const int Length = 2;
}
