namespace MeteringGateway.Engine.Scripts;

/// <summary>The layout of a guarded script's own answers; the answers common to all are in <see cref="ScriptAnswer"/>.</summary>
internal interface IScriptAnswer<TSelf>
    where TSelf : struct, IScriptAnswer<TSelf>
{
    /// <summary>How many numbers the answer has, with the code and the write sequence.</summary>
    static abstract int Length { get; }

    /// <summary>Does a list of texts follow the numbers?</summary>
    static virtual bool HasTexts => false;

    /// <summary>Reads an answer whose code stands in the script's head and whose length is right.</summary>
    static abstract TSelf Of(long[] values);

    /// <inheritdoc cref="Of(long[])"/>
    static virtual TSelf Of(long[] values, string[] texts) => TSelf.Of(values);
}
