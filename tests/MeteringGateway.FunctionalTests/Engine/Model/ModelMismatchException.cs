namespace MeteringGateway.FunctionalTests.Engine.Model;

/// <summary>Redis and the model disagree, or the model breaks an invariant.</summary>
internal sealed class ModelMismatchException(int step, string message) : Exception(message)
{
    public int Step { get; } = step;
}

/// <summary>
/// A step took so long that the clock of Redis may have passed an edge in it: it says nothing, and the sequence is run again.
/// </summary>
internal sealed class StepTooSlowException : Exception;
