using System.Text.Json;

namespace MeteringGateway.Calls.Pricing;

/// <summary>Whether a request asks for a stream, as the APIs of language models have it: <c>"stream": true</c>.</summary>
internal static class StreamFlag
{
    private const string Field = "stream";

    /// <summary>False for whatever is no JSON object that says so. Of a name given twice the last counts.</summary>
    public static bool IsSaid(ReadOnlySpan<byte> body) => Read(body, null, out _, out _);

    /// <summary>The same, and whether the root has another field, and where the root's closing brace is.</summary>
    internal static bool Read(ReadOnlySpan<byte> body, string? other, out bool hasOther, out int end)
    {
        (hasOther, end) = (false, 0);
        var isStream = false;
        var reader = JsonFields.Reader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (JsonFields.Next(ref reader))
            {
                var isField = JsonFields.TextEquals(ref reader, Field);
                hasOther |= other is not null && JsonFields.TextEquals(ref reader, other);
                reader.Read();
                isStream = isField ? reader.TokenType == JsonTokenType.True : isStream;
                reader.Skip();
            }

            end = (int)reader.TokenStartIndex;
            return isStream;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
