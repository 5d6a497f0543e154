using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Hosting;

/// <summary>How the gateway leaves: section <c>Hosting</c>.</summary>
internal sealed class HostingOptions
{
    public const string Section = "Hosting";

    /// <summary>
    /// How long <c>/readyz</c> says 503 at a stop while calls are still taken: a balancer that looks every second or two sends none any
    /// more by then. 0 where none stands in front.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00")]
    public TimeSpan StopDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long running streams may go on at a stop, where their whole time would hold it up for minutes: most answers end within it, and
    /// orchestrators wait for about as long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StreamGrace { get; set; } = TimeSpan.FromSeconds(30);
}
