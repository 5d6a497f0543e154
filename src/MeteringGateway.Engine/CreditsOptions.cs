using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Engine;

/// <summary>What a credit is worth and how long it may be held: section <c>Credits</c>.</summary>
internal sealed class CreditsOptions
{
    public const string Section = "Credits";

    /// <summary>Price of one credit in US dollars. A cent makes the sandbox's 1,000.00 USD a round 100,000 credits.</summary>
    [Range(typeof(decimal), "0.000001", "1000000")]
    public decimal Usd { get; set; } = 0.01m;

    /// <summary>
    /// Added to a surface's <c>TotalTimeout</c> to make a hold's lifetime. Half a minute covers a long pause of the gateway
    /// and a commit that is sent again, and is short enough that a dead gateway's holds come back soon.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HoldGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After a recovery of Redis, so many keys a second that were charged lately are loaded ahead of their next call; 0: none. The default
    /// brings a thousand busy accounts back in half a second, for less than a tenth of what PostgreSQL can read.
    /// </summary>
    [Range(0, 100_000)]
    public int PreloadPerSecond { get; set; } = 2_000;

    /// <summary>
    /// Serves on a Redis without append-only file. For tests only: such a Redis forgets every unflushed charge when it stops.
    /// </summary>
    public bool AllowVolatileRedis { get; set; }
}
