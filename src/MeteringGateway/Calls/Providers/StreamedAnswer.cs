using MeteringGateway.Calls.Pricing.Usage;

namespace MeteringGateway.Calls.Providers;

/// <summary>How an answer ended that went to the client as it came.</summary>
internal enum StreamEnd
{
    /// <summary>The provider ended it as HTTP says.</summary>
    Whole,

    /// <summary>The provider's connection ended first, or its JSON was none.</summary>
    BrokeOff,

    /// <summary>The surface's time for a stream was up.</summary>
    TimedOut,

    /// <summary>The gateway stops, and the time that it leaves to streams was up.</summary>
    Stopped,
}

/// <summary>
/// A provider's answer that is not held back: its head, what has arrived of it, and the rest. Its first byte is there, unless it is empty.
/// </summary>
internal sealed class StreamedAnswer
{
    private ReadOnlyMemory<byte> _beginning;

    public required string Provider { get; init; }
    public required int Status { get; init; }
    public required AnswerShape Shape { get; init; }

    /// <summary>The headers that describe the body; nothing else of the provider's goes to a client.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>What comes after the beginning, unpacked where the provider had packed it.</summary>
    public required Stream Rest { get; init; }
    public required ReadOnlyMemory<byte> Beginning { init => _beginning = value; }

    /// <summary>What has been tried so far, this attempt included, whose time is that until its first byte.</summary>
    public IReadOnlyList<AttemptReport> Attempts { get; set; } = [];

    /// <summary>Once: what has been sent on need not stay in memory for as long as the stream runs.</summary>
    public ReadOnlyMemory<byte> TakeBeginning()
    {
        var beginning = _beginning;
        _beginning = default;
        return beginning;
    }
}
