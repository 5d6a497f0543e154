namespace MeteringGateway.Engine.Scripts;

/// <summary>
/// A script gave an answer that is not one of its own: the program and its scripts are not of one piece. What the script did is not known.
/// Of a guarded one, <see cref="ScriptRunner"/> makes an unknown outcome and puts the partition in doubt.
/// </summary>
internal sealed class UnreadableAnswerException(RedisScript script, long code, int length)
    : Exception($"The script {script.Name} gave the answer {code} with {length} numbers, which is none of its own.");
