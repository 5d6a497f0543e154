using System.ComponentModel.DataAnnotations;
using MeteringGateway.Configuration;

namespace MeteringGateway.Sales.Payments.Sandbox;

/// <summary>The built-in payment provider that moves no money: section <c>Payments:Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    public const string Section = "Payments:Sandbox";

    /// <summary>
    /// Off unless set: a buyer in the sandbox gets credits for nothing. Only <c>./run</c> turns it on by itself,
    /// on a Redis and a PostgreSQL that it started for that.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// The one that starts the gateway says that credits are free here, as <c>./run</c> does of its demo: the start then does not
    /// warn of it.
    /// </summary>
    public bool Announced { get; set; }

    /// <summary>
    /// What becomes of a payment where the request does not say with <c>X-Sandbox-Payment</c>: pay, decline, pending or later.
    /// </summary>
    public string Mode { get; set; } = SandboxMode.Pay;

    /// <summary>How long <c>later</c> takes, unless it is confirmed before.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(10);

    public void Check(ConfigurationErrors errors)
    {
        if (!SandboxMode.All.Contains(Mode))
        {
            errors.Add(Section + ":Mode", Mode, string.Join(" or ", SandboxMode.All));
        }
    }
}
