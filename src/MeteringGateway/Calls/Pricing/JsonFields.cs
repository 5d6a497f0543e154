using System.Text.Json;

namespace MeteringGateway.Calls.Pricing;

/// <summary>Walks the fields of a request's body without building a document of it.</summary>
internal static class JsonFields
{
    /// <summary>Deeper nesting than this serves nobody and is a known way to exhaust a provider's parser.</summary>
    public const int MaxDepth = 64;

    public static Utf8JsonReader Reader(ReadOnlySpan<byte> body) => new(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>
    /// Moves on to the next name of the outermost object. False at its end. The value must have been read or skipped whole.
    /// </summary>
    public static bool Next(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Compares what a reader's name or text means, escapes resolved. Half of a surrogate pair, which JSON's grammar lets pass, is no text.
    /// </summary>
    public static bool TextEquals(ref Utf8JsonReader reader, string text)
    {
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException) when (reader.ValueIsEscaped)
        {
            return false;
        }
    }

    /// <summary>A field's JSON pointer (RFC 6901) as URI fragment.</summary>
    public static string Pointer(string field) =>
        "#/" + Uri.EscapeDataString(field.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
}
