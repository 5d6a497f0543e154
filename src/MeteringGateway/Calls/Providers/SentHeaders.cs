using MeteringGateway.Calls.Surfaces.Fields;
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

    private static readonly KeyValuePair<string, string>[] s_json = [new("Content-Type", Json)];

    /// <summary>What the client says it reads; without a word that can be sent, JSON.</summary>
    public static string Accept(StringValues accept) => accept.ToString() is { Length: > 0 } value && CanBeSent(value) ? value : Json;

    /// <summary>The client's own words for a body that is JSON in UTF-8 by now.</summary>
    public static string ContentType(string? contentType) => contentType is { Length: > 0 } && CanBeSent(contentType) ? contentType : Json;

    /// <summary>The headers that describe the request's body; of <c>/api/v1/query</c> its type alone.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfBody(HttpRequest request, bool allPass)
    {
        if (!allPass)
        {
            return request.ContentType == Json ? s_json : [new("Content-Type", ContentType(request.ContentType))];
        }

        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in request.Headers)
        {
            if (IsOfBody(name) && Passes(request.Headers, name) && values.ToString() is var value && IsText(value))
            {
                headers.Add(new(name, value));
            }
        }

        return headers;
    }

    /// <summary>All headers of a call under the provider's own path that may pass, but for those of its body.</summary>
    public static void Pass(IHeaderDictionary from, Action<string, string> add)
    {
        foreach (var (name, values) in from)
        {
            if (!IsOfBody(name) && Passes(from, name) && values.ToString() is var value && IsText(value))
            {
                add(name, value);
            }
        }
    }

    /// <summary>Those that the surface names.</summary>
    public static void Pass(IHeaderDictionary from, IReadOnlyList<string> names, Action<string, string> add)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (from.TryGetValue(names[i], out var values) && values.ToString() is var value && IsText(value))
            {
                add(names[i], value);
            }
        }
    }

    private static bool Passes(IHeaderDictionary headers, string name) =>
        !ConnectionHeaders.Contains(name) && !name.StartsWith(':') && !IsNamedByConnection(headers.Connection, name);

    /// <summary>A header that <c>Connection</c> names concerns this connection alone, whatever it is.</summary>
    private static bool IsNamedByConnection(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[range].Trim(" \t").Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Which HTTP's client library takes as headers of the body alone.</summary>
    private static bool IsOfBody(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Allow", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Expires", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Last-Modified", StringComparison.OrdinalIgnoreCase);

    private static bool CanBeSent(string value) => value.Length <= LongestValue && IsText(value) && value.Trim().Length == value.Length;

    private static bool IsText(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
