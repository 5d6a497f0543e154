using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// The answers of scripts without a guard: a single code. Whoever reads one that is none of the script's own gets an exception,
/// for all of them belong to recoveries and flushes, which are tried again and whose every step may be repeated.
/// </summary>
internal static class UnguardedAnswers
{
    private const long Done = 1;

    /// <summary>Of fence, open, drop-holds and trim. False: somebody else was faster, and nothing was changed.</summary>
    public static bool IsDone(this RedisScript script, RedisResult result)
    {
        var code = result.Resp2Type == ResultType.Integer ? (long)result : 0;
        return script.Answers(code) ? code == Done : throw new UnreadableAnswerException(script, code, result.Length);
    }
}

/// <summary>What identify-1.lua answers: what a partition was last opened as, and the process of Redis that has it.</summary>
internal readonly record struct IdentifyAnswer(long Epoch, long WriteSequence, string RunId)
{
    public static readonly RedisScript Script = RedisScript.Load("identify-1");

    public static IdentifyAnswer Of(RedisResult result) =>
        result.Length == 4 && (RedisValue[]?)result is [var code, var epoch, var writeSequence, { IsNull: false } runId]
            && code.TryParse(out long told) && Script.Answers(told) && epoch.TryParse(out long of) && writeSequence.TryParse(out long seen)
            ? new IdentifyAnswer(of, seen, runId!)
            : throw new UnreadableAnswerException(Script, 0, result.Length);
}
