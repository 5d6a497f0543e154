using StackExchange.Redis;

namespace MeteringGateway.Engine.Scripts;

/// <summary>A script that begins with the guard, and the shape of its answers.</summary>
internal sealed class GuardedScript<TAnswer>(string name)
    where TAnswer : struct, IScriptAnswer<TAnswer>
{
    public RedisScript Source { get; } = RedisScript.Load(name);

    /// <summary>Reads an answer of Redis, and the partition's write sequence in it.</summary>
    /// <exception cref="UnreadableAnswerException">The code is not in the script's head, or the length is wrong.</exception>
    public ScriptReply<TAnswer> Read(RedisResult result, out long writeSequence)
    {
        var (values, texts) = Parts(result);
        var code = values.Length == 0 ? 0 : values[0];
        var outcome = code switch
        {
            ScriptAnswer.Fenced => ScriptOutcome.Fenced,
            ScriptAnswer.NotLoaded => ScriptOutcome.NotLoaded,
            _ => ScriptOutcome.Answered,
        };
        var answered = outcome == ScriptOutcome.Answered;
        if (!Source.Answers(code) || code == ScriptAnswer.Failed || values.Length != (answered ? TAnswer.Length : ScriptAnswer.Length)
            || texts is null == (answered && TAnswer.HasTexts))
        {
            throw new UnreadableAnswerException(Source, code, values.Length);
        }

        writeSequence = values[1];
        return new ScriptReply<TAnswer>(outcome, !answered ? default : texts is null ? TAnswer.Of(values) : TAnswer.Of(values, texts));
    }

    /// <summary>Why a script of many partitions has failed in one of them; null where it has not.</summary>
    public string? Failure(RedisResult result) =>
        result.Length == ScriptAnswer.Length + 1 && result[0].Resp2Type == ResultType.Integer
            && (long)result[0] == ScriptAnswer.Failed && Source.Answers(ScriptAnswer.Failed)
            ? (string?)result[^1] ?? ""
            : null;

    private (long[] Numbers, string[]? Texts) Parts(RedisResult result)
    {
        try
        {
            return TAnswer.HasTexts && result.Length > 0 && result[^1] is { Resp2Type: ResultType.Array } texts
                ? ([.. ((RedisResult[])result!)[..^1].Select(number => (long)number)], (string[]?)texts)
                : ((long[]?)result ?? [], null);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw new UnreadableAnswerException(Source, 0, result.Length);
        }
    }
}
