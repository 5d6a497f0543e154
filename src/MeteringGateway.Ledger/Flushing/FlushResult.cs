namespace MeteringGateway.Ledger.Flushing;

internal enum FlushOutcome
{
    /// <summary>The batch is in the books and out of the outbox.</summary>
    Flushed,

    /// <summary>Nothing waited.</summary>
    Empty,

    /// <summary>
    /// The partition lives under another epoch than the flusher believes. Nothing was read or written; whoever owns recovery has to look.
    /// </summary>
    FencedEpoch,

    /// <summary>
    /// The oldest entry is of a format that only another version of the gateway can read. It stays where it is, and all that follows it.
    /// </summary>
    OtherFormat,
}

/// <summary>What one flush of one partition did. <c>Read</c> is the sum of the three that follow it.</summary>
internal readonly record struct FlushResult(
    FlushOutcome Outcome, int Read = 0, int Written = 0, int Duplicates = 0, int Poisoned = 0, long DriftCredits = 0);
