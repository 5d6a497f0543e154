namespace MeteringGateway.Calls.Providers;

/// <summary>A provider's answer, whole. Only what may reach a client is in it.</summary>
internal sealed class ProviderAnswer
{
    public required string Provider { get; init; }
    public required int Status { get; init; }

    /// <summary>Byte for byte as the provider sent it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The provider said that it is JSON, and it is.</summary>
    public required bool IsJson { get; init; }

    /// <summary>The headers that describe the body; nothing else of the provider's goes to a client.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }
}

internal enum ChainStatus
{
    /// <summary>A provider answered 2xx and its whole body is here.</summary>
    Succeeded,

    /// <summary>A provider answered 2xx, and its answer went to the client as it came; how it ended, its taker knows.</summary>
    Streamed,

    /// <summary>A provider refused the request itself.</summary>
    Rejected,
    Failed,
    TimedOut,

    /// <summary>A provider answered, and the gateway had no memory for it: nobody's fault but its own.</summary>
    Overloaded,

    /// <summary>The client closed its connection before a provider had answered.</summary>
    ClientLeft,
}

/// <summary>What came of a chain; <paramref name="Answer"/> is there when a provider succeeded or rejected.</summary>
/// <param name="RetryAfter">What the provider that ended the chain said about when to come back.</param>
internal readonly record struct ChainResult(
    ChainStatus Status, ProviderAnswer? Answer, IReadOnlyList<AttemptReport> Attempts, TimeSpan ProviderTime, TimeSpan? RetryAfter = null);
