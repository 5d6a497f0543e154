namespace MeteringGateway.Engine.Scripts;

/// <summary>What a guarded script answers beyond <see cref="ScriptAnswer"/>, read once: nobody else knows which number is which.</summary>
internal interface IScriptAnswer<TSelf>
    where TSelf : struct, IScriptAnswer<TSelf>
{
    /// <summary>How many numbers the answer has, the code and the generation among them.</summary>
    static abstract int Length { get; }

    /// <summary>Reads an answer whose code stands in the script's head and whose length is right.</summary>
    static abstract TSelf Of(long[] values);
}
