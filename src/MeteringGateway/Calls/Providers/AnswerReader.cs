using System.Net;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Calls.Providers;

/// <summary>Makes an answer of a provider's response and its body, or finds that it is not a whole one.</summary>
internal static class AnswerReader
{
    private static readonly string[] s_kept =
        ["Content-Type", "Content-Language", "Content-Disposition", "Cache-Control", "Expires", "ETag", "Last-Modified",
            "Content-Range", "Accept-Ranges", "Content-Location"];
    private static readonly KeyValuePair<string, string>[] s_none = [];
    private static readonly JsonReaderOptions s_json = new() { MaxDepth = 512 };

    /// <summary>Null: not whole, or not the JSON that it says it is.</summary>
    /// <param name="inEnvelope">JSON goes out in an envelope, whose headers are its own.</param>
    public static ProviderAnswer? Read(
        string provider, HttpResponseMessage response, ReadOnlyMemory<byte> received, int bound, bool inEnvelope,
        Func<long, bool> hasRoom)
    {
        // The status of a refusal counts even where nobody can read its body.
        var decoded = ContentCoding.Decode(received, Values(response, "Content-Encoding"), bound, hasRoom);
        if (decoded is null && response.IsSuccessStatusCode)
        {
            return null;
        }

        var whole = decoded ?? ReadOnlyMemory<byte>.Empty;
        var isEmpty = whole.IsEmpty && response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent;
        var saysJson = !isEmpty && JsonMedia.IsSaid(Values(response, "Content-Type"));
        var isJson = saysJson && IsJson(whole.Span);
        var isWhole = IsFramed(response) || (isJson && ShowsItsEnd(whole.Span));
        return response.IsSuccessStatusCode && (!isWhole || (saysJson && !isJson))
            ? null
            : new ProviderAnswer
            {
                Provider = provider,
                Status = (int)response.StatusCode,
                Body = whole,
                IsJson = isJson,
                Headers = isJson && inEnvelope ? s_none : Kept(response, isEmpty),
            };
    }

    /// <summary>What goes to the client of a provider's headers: those that describe the body.</summary>
    public static List<KeyValuePair<string, string>> Kept(HttpResponseMessage response, bool isEmpty)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var name in s_kept)
        {
            // Only what the server can send on: it would refuse a file name in Latin-1 when the call is charged already.
            if (Values(response, name) is { Count: > 0 } values
                && values.ToString() is var value && !value.AsSpan().ContainsAnyExceptInRange(' ', '~')
                && !(isEmpty && name == "Content-Type"))
            {
                headers.Add(new(name, value));
            }
        }

        return headers;
    }

    public static StringValues Values(HttpResponseMessage response, string name) =>
        response.Content.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Headers.NonValidated.TryGetValues(name, out values)
            ? values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values])
            : StringValues.Empty;

    /// <summary>HTTP/1 lets a body end with its connection, and then one that was cut looks like a whole one.</summary>
    public static bool IsFramed(HttpResponseMessage response) =>
        response.Version.Major > 1
        || response.Content.Headers.ContentLength is not null
        || response.Headers.TransferEncodingChunked == true
        || response.StatusCode == HttpStatusCode.NoContent;

    /// <summary>What is JSON would not be if it were cut, but for a number alone.</summary>
    private static bool ShowsItsEnd(ReadOnlySpan<byte> json) => !char.IsAsciiDigit((char)json.TrimEnd(" \t\r\n"u8)[^1]);

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        // The reader looks at the bytes of a text only when it is asked for that text.
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text, s_json);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
