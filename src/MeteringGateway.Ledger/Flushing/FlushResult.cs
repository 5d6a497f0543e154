namespace MeteringGateway.Ledger.Flushing;

internal enum FlushOutcome
{
    /// <summary>The batch is in the ledger and out of the outbox.</summary>
    Flushed,

    /// <summary>The outbox was empty.</summary>
    Empty,

    /// <summary>
    /// PostgreSQL has another epoch than the flusher. Nothing was read or written; the supervisor has to check the partition.
    /// </summary>
    FencedEpoch,

    /// <summary>
    /// The oldest entry is of a format that only another version of the gateway can read. It stays in the outbox,
    /// as do all entries after it.
    /// </summary>
    OtherFormat,
}

/// <summary>The result of flushing one batch. <c>Read</c> is the sum of written, duplicate and poisoned entries.</summary>
internal readonly record struct FlushResult(
    FlushOutcome Outcome, int Read = 0, int Written = 0, int Duplicates = 0, int Poisoned = 0, long DriftCredits = 0);
