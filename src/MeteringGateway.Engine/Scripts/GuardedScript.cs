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
        var values = Numbers(result);
        var code = values.Length == 0 ? 0 : values[0];
        var outcome = code switch
        {
            ScriptAnswer.Fenced => ScriptOutcome.Fenced,
            ScriptAnswer.NotLoaded => ScriptOutcome.NotLoaded,
            _ => ScriptOutcome.Answered,
        };
        if (!Source.Answers(code) || values.Length != (outcome == ScriptOutcome.Answered ? TAnswer.Length : ScriptAnswer.Length))
        {
            throw new UnreadableAnswerException(Source, code, values.Length);
        }

        writeSequence = values[1];
        return new ScriptReply<TAnswer>(outcome, outcome == ScriptOutcome.Answered ? TAnswer.Of(values) : default);
    }

    private long[] Numbers(RedisResult result)
    {
        try
        {
            return (long[]?)result ?? [];
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw new UnreadableAnswerException(Source, 0, result.Length);
        }
    }
}
