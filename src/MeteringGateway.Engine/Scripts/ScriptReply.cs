namespace MeteringGateway.Engine.Scripts;

/// <summary>What is known of a guarded script after it was sent.</summary>
internal enum ScriptOutcome
{
    /// <summary>It certainly did not run.</summary>
    NotExecuted = 0,

    /// <summary>It may have run: its answer was lost, or can't be read.</summary>
    Unknown,

    /// <summary>It changed nothing: the partition is being recovered, or this gateway's epoch is not the store's.</summary>
    Fenced,

    /// <summary>It changed nothing: Redis does not know the account or the key yet.</summary>
    NotLoaded,

    /// <summary>It ran, and its answer is there.</summary>
    Answered,
}

/// <summary>The reply to a guarded script.</summary>
/// <param name="Outcome">What is known of it.</param>
/// <param name="Answer">Counts where the outcome is <see cref="ScriptOutcome.Answered"/>.</param>
internal readonly record struct ScriptReply<TAnswer>(ScriptOutcome Outcome, TAnswer Answer)
    where TAnswer : struct
{
    /// <summary>No answer, or one that says that the partition can't be served now.</summary>
    public bool IsUnavailable => Outcome is ScriptOutcome.NotExecuted or ScriptOutcome.Unknown or ScriptOutcome.Fenced;
}

/// <summary>The answers that every guarded script can give, each followed by the generation alone.</summary>
internal static class ScriptAnswer
{
    /// <summary>The partition is being recovered, or this gateway's epoch is not the store's.</summary>
    public const long Fenced = -1;

    /// <summary>Redis does not know the account or the key yet.</summary>
    public const long NotLoaded = -2;

    /// <summary>The code, and the generation.</summary>
    public const int Length = 2;
}
