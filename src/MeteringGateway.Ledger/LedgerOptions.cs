using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Ledger;

/// <summary>How the outbox is flushed to the ledger: section <c>Ledger</c>.</summary>
internal sealed class LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>
    /// The interval of the flusher. A fifth of a second keeps the loss from a dead Redis disk well under a second, and costs one round trip
    /// to Redis while the outbox is empty.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Entries in one transaction: many entries share the fixed cost of a commit, and account rows are locked for milliseconds only.
    /// </summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>
    /// Unflushed entries in a partition at which new charges are refused. At about 300 bytes each, the default keeps
    /// sixteen full partitions below half a gigabyte of Redis memory.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxBacklog { get; set; } = 100_000;

    /// <summary>
    /// How long a stopping gateway keeps flushing. It begins when the calls in flight have ended. What is left stays in the outbox for
    /// the next one, so nobody has to wait long for a database that is away.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:25")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
