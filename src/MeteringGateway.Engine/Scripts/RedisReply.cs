using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>What is known of a command's execution.</summary>
internal enum ReplyOutcome
{
    /// <summary>The command ran and answered.</summary>
    Answered,

    /// <summary>The command did not run: no connection, or Redis refused it before its first write.</summary>
    NotExecuted,

    /// <summary>The command may have run: the connection broke or the deadline passed after the send.</summary>
    Unknown,
}

/// <summary>
/// The answer of one command, or why there is none. <see cref="RedisConnection"/> turns every infrastructure failure into this value.
/// </summary>
/// <param name="Outcome">What is known of the command's execution.</param>
/// <param name="Result">The answer; null without one.</param>
/// <param name="Reason">Why there is no answer.</param>
/// <param name="ScriptFailed">A script raised an error while it ran, and may have written a part of its writes; a repeat does not complete
/// them.</param>
internal readonly record struct RedisReply(ReplyOutcome Outcome, RedisResult? Result, string? Reason, bool ScriptFailed = false)
{
    public bool Answered => Outcome == ReplyOutcome.Answered;

    /// <summary>Redis refused the command for want of memory: one that is declared <c>allow-oom</c> would go through.</summary>
    public bool IsOutOfMemory => Reason is { } reason && reason.StartsWith("OOM", StringComparison.Ordinal);

    public static RedisReply Of(RedisResult result) => new(ReplyOutcome.Answered, result, null);

    public static RedisReply NotExecuted(string reason) => new(ReplyOutcome.NotExecuted, null, reason);

    public static RedisReply Unknown(string reason) => new(ReplyOutcome.Unknown, null, reason);

    public static RedisReply Failed(string reason) => new(ReplyOutcome.Unknown, null, reason, ScriptFailed: true);
}
