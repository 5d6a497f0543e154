using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// What of a client's headers may be sent to a provider. A value that HTTP can't carry would fail at the first byte of every attempt and
/// read as a failure of every provider of the chain: so it is left out here, and what the body is anyway is said in its place.
/// </summary>
internal static class SentHeaders
{
    /// <summary>Longer than any browser's, and short enough that no provider refuses the request for it.</summary>
    private const int LongestValue = 1024;

    private const string Json = "application/json";

    /// <summary>What the client says it reads; without a word that can be sent, JSON.</summary>
    public static string Accept(StringValues accept) => accept.ToString() is { Length: > 0 } value && CanBeSent(value) ? value : Json;

    /// <summary>The client's own words for a body that is JSON in UTF-8 by now.</summary>
    public static string ContentType(string? contentType) => contentType is { Length: > 0 } && CanBeSent(contentType) ? contentType : Json;

    private static bool CanBeSent(string value) =>
        value.Length <= LongestValue && !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && value.Trim().Length == value.Length;
}
