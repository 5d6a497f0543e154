using System.Text.Json;

namespace MeteringGateway.Load.Streams;

/// <summary>
/// The body of a streamed call: what its provider is to send. The provider reads it with this very file, and the gateway its surface.
/// </summary>
/// <param name="Surface">The gateway's.</param>
/// <param name="Kind">Of the answer: one of the three words below.</param>
/// <param name="Tokens">The usage that the answer shows at its end, and what the call costs on a surface priced by usage.</param>
internal sealed record StreamOrder(string Surface, string Kind, int Tokens = 1)
{
    public const string Events = "events";
    public const string Json = "json";
    public const string Opaque = "opaque";

    /// <summary>Events before the one that shows the usage.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How many of them are sent without a pause between them.</summary>
    public int Together { get; init; } = 1;

    public int PauseMilliseconds { get; init; }

    /// <summary>Of an answer that is no stream of events, about; exact where it is opaque.</summary>
    public long Bytes { get; init; }

    public static StreamOrder? Read(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<StreamOrder>(body, JsonSerializerOptions.Web);

    public byte[] ToBody() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);
}
