using System.Text;
using System.Text.Json;

namespace MeteringGateway.Configuration;

/// <summary>
/// Makes texts of the JSON values in a configuration file that are somebody's data and no settings, <c>TestAnswer</c> of a surface: the
/// configuration knows neither types nor empty lists, so what an answer is made of would not come back.
/// </summary>
internal static class JsonTexts
{
    private static readonly JsonReaderOptions s_options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The file with each such value as a string. A file that is no JSON comes back as it is: its reader says why.</summary>
    public static byte[] Keep(byte[] utf8)
    {
        try
        {
            using var kept = new MemoryStream(utf8.Length);
            var done = 0;
            foreach (var (start, end) in Values(utf8))
            {
                kept.Write(utf8.AsSpan(done, start - done));
                kept.Write(JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(utf8, start, end - start)));
                done = end;
            }

            kept.Write(utf8.AsSpan(done));
            return kept.ToArray();
        }
        catch (JsonException)
        {
            return utf8;
        }
    }

    private static List<(int Start, int End)> Values(ReadOnlySpan<byte> utf8)
    {
        var values = new List<(int, int)>();
        var paths = new Stack<string>();
        var name = "";
        var reader = new Utf8JsonReader(utf8, s_options);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    var path = paths.Count == 0 ? "" : $"{paths.Peek()}:{name}";
                    if (IsData(path))
                    {
                        var start = (int)reader.TokenStartIndex;
                        reader.Skip();
                        values.Add((start, (int)reader.BytesConsumed));
                        break;
                    }

                    paths.Push(path);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    paths.Pop();
                    break;
                default:
                    break;
            }
        }

        return values;
    }

    /// <summary>A name may hold several parts, <c>"Surfaces:chat"</c>.</summary>
    private static bool IsData(string path) => path.Split(':') is ["", var section, _, var field]
        && section.Equals("Surfaces", StringComparison.OrdinalIgnoreCase) && field.Equals("TestAnswer", StringComparison.OrdinalIgnoreCase);
}
