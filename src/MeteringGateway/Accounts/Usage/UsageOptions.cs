using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Accounts.Usage;

/// <summary>The roll-up of usage, and how it is read: section <c>Usage</c>.</summary>
internal sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>How far the roll-up is behind the ledger at rest. A second is soon for a person; a longer one writes fewer rows.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often all accounts are looked through for entries that a gateway which died has left; at the start as well, which rolls
    /// up a ledger from before there was a roll-up. A look at 100,000 accounts costs a tenth of a second of PostgreSQL.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often counted refusals are written; a gateway that is killed forgets those of so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan RefusalInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many kinds of refusals (account, key, surface, code, hour) are counted apart between two writes: two megabytes. Those of
    /// more kinds are counted by a metric only.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MostRefusals { get; set; } = 10_000;

    /// <summary>Connections for pages and reports, apart from those of the ledger: a long look keeps nobody else waiting.</summary>
    [Range(1, 100)]
    public int Connections { get; set; } = 4;

    /// <summary>How long PostgreSQL works on a page or report before it gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
