using System.ComponentModel.DataAnnotations;

namespace MeteringGateway.Calls.Surfaces;

/// <summary>
/// When a provider is taken out of its chains and tried again: section <c>Providers:Health</c>, and for one provider
/// <c>Metadata:Health</c> of its cluster, which wins field by field. Reloads with the surfaces.
/// </summary>
internal sealed record ProviderHealthOptions
{
    public const string Section = "Providers:Health";

    /// <summary>
    /// On: a provider that is down costs every call its connect time, or its whole attempt, before the next one is asked.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Fewer would take a provider out for a hiccup; more keeps one that is gone at the head of its chains for longer than anybody needs
    /// to be sure.
    /// </summary>
    [Range(1, 1_000)]
    public int FailuresInARow { get; set; } = 5;

    /// <summary>A provider that fails now and then never fails often in a row: this many calls are looked at together.</summary>
    [Range(2, 10_000)]
    public int WindowCalls { get; set; } = 20;

    /// <summary>
    /// The share of <see cref="WindowCalls"/> that must fail. At half of them every second call pays for a failure first.
    /// </summary>
    [Range(1, 100)]
    public int WindowPercent { get; set; } = 50;

    /// <summary>What <see cref="WindowCalls"/> must lie within: failures from before that say nothing of now.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After this long one call tries it again: soon enough for a restart, and one call in ten seconds is all that a dead provider costs.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A provider's own <c>Retry-After</c> is kept to up to this long: a provider must not take itself out for a day by a slip.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromMinutes(5);
}
