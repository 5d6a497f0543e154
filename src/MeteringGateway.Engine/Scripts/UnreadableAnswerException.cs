namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// A script gave an answer that its head does not list: gateway and script do not match, and the script's effect is unknown.
/// <see cref="ScriptRunner"/> answers an unknown outcome and marks the partition as corrupt.
/// </summary>
internal sealed class UnreadableAnswerException(RedisScript script, long code, int length)
    : Exception($"The script {script.Name} gave the answer {code} with {length} numbers, which is none of its own.");
