using StackExchange.Redis;

namespace MeteringGateway.Credits;

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

/// <summary>The answer of one command, or what is known in its place. Infrastructure never throws past <see cref="RedisConnection"/>.</summary>
internal readonly record struct RedisReply(ReplyOutcome Outcome, RedisResult? Result, string? Reason)
{
    public bool Answered => Outcome == ReplyOutcome.Answered;

    public static RedisReply Of(RedisResult result) => new(ReplyOutcome.Answered, result, null);

    public static RedisReply NotExecuted(string reason) => new(ReplyOutcome.NotExecuted, null, reason);

    public static RedisReply Unknown(string reason) => new(ReplyOutcome.Unknown, null, reason);
}
