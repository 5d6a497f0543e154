using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Ledger;

/// <summary>How the outbox is flushed to the ledger: section <c>Ledger</c>.</summary>
internal sealed class LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>
    /// The flusher's time from look to look, so it bounds the age of an entry, and a transaction under load carries all that came in it:
    /// the more charges of an account share one update of its rows, the less each costs. Half a second keeps the loss from a dead Redis
    /// disk under a second, and costs one round trip to Redis while the outbox is empty. With more waiting than a transaction takes the
    /// next look comes sooner.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Entries in one transaction, of all partitions together: many share what it costs besides its rows, which is half of it at a hundred
    /// rows and a fiftieth at four thousand. Account rows are locked for as long as a transaction
    /// takes to write, and a read that must be flushed first may wait for one.
    /// </summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 4_000;

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
