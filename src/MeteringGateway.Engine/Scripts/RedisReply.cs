using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>What is known of a command after it was sent.</summary>
internal enum ReplyOutcome
{
    /// <summary>It ran, and this is its answer.</summary>
    Answered,

    /// <summary>It certainly did not run: no connection, or Redis refused it before its first write.</summary>
    NotExecuted,

    /// <summary>It may have run: the connection broke or the deadline passed after it was sent.</summary>
    Unknown,
}

/// <summary>
/// The answer of one command, or what is known in its place. Infrastructure never throws past <see cref="RedisConnection"/>.
/// </summary>
/// <param name="Outcome">What is known of the command.</param>
/// <param name="Result">Its answer; null where none came.</param>
/// <param name="Reason">Why none came.</param>
/// <param name="ScriptFailed">A script raised an error while it ran, so that it may have written a part of what it writes: sent again,
/// it is not made whole.</param>
internal readonly record struct RedisReply(ReplyOutcome Outcome, RedisResult? Result, string? Reason, bool ScriptFailed = false)
{
    public bool Answered => Outcome == ReplyOutcome.Answered;

    public static RedisReply Of(RedisResult result) => new(ReplyOutcome.Answered, result, null);

    public static RedisReply NotExecuted(string reason) => new(ReplyOutcome.NotExecuted, null, reason);

    public static RedisReply Unknown(string reason) => new(ReplyOutcome.Unknown, null, reason);

    public static RedisReply Failed(string reason) => new(ReplyOutcome.Unknown, null, reason, ScriptFailed: true);
}
