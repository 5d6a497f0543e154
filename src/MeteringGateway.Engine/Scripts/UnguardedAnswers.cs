using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// The answers of scripts without a guard: a single code each. An unknown code throws: only recoveries and flushes call these scripts, and
/// both are retried and idempotent.
/// </summary>
internal static class UnguardedAnswers
{
    private const long Done = 1;

    /// <summary>For fence, open, drop-holds and trim. False: another gateway was faster, and the script changed nothing.</summary>
    public static bool IsDone(this RedisScript script, RedisResult result)
    {
        var code = result.Resp2Type == ResultType.Integer ? (long)result : 0;
        return script.Answers(code) ? code == Done : throw new UnreadableAnswerException(script, code, result.Length);
    }
}

/// <summary>
/// The answer of identify-1.lua: the partition's epoch and write sequence in Redis, and the run_id of the server process.
/// </summary>
/// <param name="IsOfAnotherFormat">Accounts and keys are packed as only another version of the gateway knows.</param>
internal readonly record struct IdentifyAnswer(long Epoch, long WriteSequence, string RunId, bool IsOfAnotherFormat = false)
{
    private const long OtherFormat = 2;

    public static readonly RedisScript Script = RedisScript.Load("identify-1");

    public static IdentifyAnswer Of(RedisResult result) =>
        result.Length == 4 && (RedisValue[]?)result is [var code, var epoch, var writeSequence, { IsNull: false } runId]
            && code.TryParse(out long told) && Script.Answers(told) && epoch.TryParse(out long of) && writeSequence.TryParse(out long seen)
            ? new IdentifyAnswer(of, seen, runId!, told == OtherFormat)
            : throw new UnreadableAnswerException(Script, 0, result.Length);
}
