using MeteringGateway.Engine.Scripts;

namespace MeteringGateway.Engine.Calls.Batching;

/// <summary>The answer to one operation of a batch.</summary>
/// <param name="Outcome">What is known of its execution.</param>
/// <param name="Code">Of the operation's own answers in batch.lua; valid if it was answered.</param>
/// <param name="Snapshot">After a reserve, an admission and a commit; empty for the others.</param>
/// <param name="Deadline">After an extension: the hold's deadline, in milliseconds of Redis's clock.</param>
/// <param name="Record">The idempotency record that refused a reserve.</param>
internal readonly record struct CallAnswer(
    ScriptOutcome Outcome, int Code = 0, BalanceSnapshot Snapshot = default, long Deadline = 0, string? Record = null)
{
    public static readonly CallAnswer NotExecuted = new(ScriptOutcome.NotExecuted);

    /// <inheritdoc cref="ScriptReply{TAnswer}.IsUnavailable"/>
    public bool IsUnavailable => Outcome is ScriptOutcome.NotExecuted or ScriptOutcome.Unknown or ScriptOutcome.Fenced;
}
