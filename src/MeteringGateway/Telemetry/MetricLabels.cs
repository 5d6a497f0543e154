namespace MeteringGateway.Telemetry;

/// <summary>The values that labels take. No value ever comes from a client.</summary>
/// <param name="Surfaces">Slugs of the configuration that serves now.</param>
/// <param name="Providers">Providers of the configuration that serves now.</param>
internal sealed record MetricLabels(IReadOnlySet<string> Surfaces, IReadOnlySet<string> Providers)
{
    public const string Surface = "surface";
    public const string Provider = "provider";
    public const string Outcome = "outcome";
    public const string Operation = "operation";
    public const string Result = "result";
    public const string Store = "store";
    public const string VersionLabel = "version";
    public const string Channel = "channel";
    public const string VersionFits = "version_fits";

    /// <summary>The surface of a request that named none of ours.</summary>
    public const string NoSurface = "none";

    /// <summary>The outcome of an attempt that was not made.</summary>
    public const string SkippedOutcome = "skipped_unhealthy";

    public static readonly string[] Operations = ["reserve", "commit", "release"];
    public static readonly string[] Stores = ["redis", "postgres"];

    /// <summary>Refusals by a fault of ours: an increase from no series at all to some would be none to Prometheus.</summary>
    public static readonly string[] FaultOutcomes = ["metering_unavailable", "backlog_full", "overloaded", "internal_error", "unsettled"];

    /// <summary>What alerts and dashboards ask for; each other outcome has its series from its first call on.</summary>
    public static readonly string[] CallOutcomes =
    [
        "charged", "insufficient_credits", "key_limit_exceeded", "rate_limited", "providers_failed", "providers_timed_out",
        .. FaultOutcomes,
    ];

    public static readonly string[] AttemptOutcomes = ["success", "status", "timeout", "connect_error", "bad_response", SkippedOutcome];

    /// <summary>Payment providers; the sandbox tells nothing and is never away.</summary>
    public static readonly string[] PaymentChannels = ["creem", "stripe"];

    /// <summary>
    /// What came of a request to a payment provider: an answer; no to a customer; no to the gateway, which is a fault of its settings or
    /// its code; or none that could be read.
    /// </summary>
    public static readonly string[] PaymentOutcomes = ["ok", "declined", "refused", "unavailable"];

    /// <summary>What becomes of most events, and what a wrong secret looks like; any other has its series from its first.</summary>
    public static readonly string[] EventOutcomes = ["paid", "nothing_to_do", "repeated", "bad_signature"];

    public const string Accepted = "accepted";
    public static readonly string[] ReloadResults = [Accepted, "rejected"];

    /// <summary>
    /// False for a series whose surface or provider a reload has taken away. The registry keeps it, for a reload may bring it back;
    /// a scrape does not show it.
    /// </summary>
    public bool Serves(string label, string? value) => label switch
    {
        Surface => value is NoSurface || (value is not null && Surfaces.Contains(value)),
        Provider => value is not null && Providers.Contains(value),
        _ => true,
    };
}
