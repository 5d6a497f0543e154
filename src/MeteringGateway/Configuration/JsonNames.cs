using System.Text.Json;

namespace MeteringGateway.Configuration;

/// <summary>
/// Looks for a name that stands twice in one object of a JSON text, in whatever case: the configuration would take both sections for one,
/// and an editor shows the second.
/// </summary>
internal static class JsonNames
{
    private static readonly JsonReaderOptions s_options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>
    /// Answers the line and the name of the first one, counted from one; null where there is none, and where the text is not JSON.
    /// </summary>
    public static (int Line, string Name)? Twice(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, s_options);
        var open = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    open.Push(new(StringComparer.OrdinalIgnoreCase));
                }
                else if (reader.TokenType == JsonTokenType.EndObject)
                {
                    open.Pop();
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.GetString() is { } name && !open.Peek().Add(name))
                {
                    return (1 + utf8[..(int)reader.TokenStartIndex].Count((byte)'\n'), name);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader of the whole file says what is wrong with it.
        }
        return null;
    }
}
