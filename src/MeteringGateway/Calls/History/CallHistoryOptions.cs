using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Calls.History;

/// <summary>For how long a call that was not charged can be asked about: section <c>Calls</c>.</summary>
internal sealed class CallHistoryOptions
{
    public const string Section = "Calls";

    /// <summary>A day, as long as a call may be repeated with its idempotency key; what was charged is in the ledger for ever.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Of all accounts together; the oldest go first. A million rows are about a quarter of a gigabyte, however many calls somebody makes
    /// that are refused.
    /// </summary>
    [Range(1_000, 1_000_000_000)]
    public int MostKept { get; set; } = 1_000_000;
}
