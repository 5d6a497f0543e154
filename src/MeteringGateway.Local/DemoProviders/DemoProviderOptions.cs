using System.Net;

namespace MeteringGateway.Local.DemoProviders;

/// <summary>Where the four demo providers listen and how slow the slow one is. The ports are those of config/gateway.json.</summary>
internal sealed record DemoProviderOptions
{
    public const int DefaultFirstPort = 9101;
    public const int Count = 4;

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Reliable, flaky, slow and usage-priced listen on this port and the next three; 0: on free ones.</summary>
    public int FirstPort { get; init; } = DefaultFirstPort;

    /// <summary>
    /// By index, where these listen in place of that, 0 for a free one; one that is not named is not started. Null: all four from <see
    /// cref="FirstPort"/>.
    /// </summary>
    public IReadOnlyDictionary<int, int>? Ports { get; init; }

    /// <summary>The quick answers of the slow one; within the demo surface's AttemptTimeout.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Every second answer of the slow one; beyond the demo surface's AttemptTimeout.</summary>
    public TimeSpan TooSlow { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Between two words of a streamed answer: long enough to see them come.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Null: that one is not started.</summary>
    public int? PortOf(int index) => Ports is null
        ? FirstPort == 0 ? 0 : FirstPort + index
        : Ports.TryGetValue(index, out var port) ? port : null;
}
