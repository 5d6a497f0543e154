namespace MeteringGateway.Ledger.Flushing;

internal enum FlushOutcome
{
    /// <summary>The batch is in the ledger and, unless there is a failure, out of the outbox.</summary>
    Flushed,

    /// <summary>The outbox was empty.</summary>
    Empty,

    /// <summary>
    /// PostgreSQL has another epoch than the flusher. Nothing was read or written; the supervisor has to check the partition.
    /// </summary>
    FencedEpoch,

    /// <summary>
    /// PostgreSQL is an older copy of the ledger, without a commit of this gateway. Nothing was read or written; the partition has to be
    /// recovered.
    /// </summary>
    ForgottenCommit,

    /// <summary>
    /// The oldest entry is of a format that only another version of the gateway can read. It stays in the outbox,
    /// as do all entries after it.
    /// </summary>
    OtherFormat,

    /// <summary>Another flush or a recovery has the partition, and this flush waits for none.</summary>
    Busy,

    /// <summary>An account is locked by another transaction, or unknown: the partition is to be flushed alone, which can wait.</summary>
    Apart,

    /// <summary>The partition's Redis did not answer.</summary>
    Silent,
}

/// <summary>
/// The result of flushing one batch of a partition. <c>Read</c> is the sum of written, duplicate and poisoned entries. <c>Failure</c> is of
/// the partition's Redis: before the write (<see cref="FlushOutcome.Silent"/>), or at the trim after it.
/// </summary>
internal readonly record struct FlushResult(
    FlushOutcome Outcome, int Read = 0, int Written = 0, int Duplicates = 0, int Poisoned = 0, long DriftCredits = 0,
    Exception? Failure = null);
