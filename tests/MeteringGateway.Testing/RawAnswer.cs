using System.Globalization;
using System.Text.Json;

namespace MeteringGateway.Testing;

/// <summary>An HTTP/1.1 answer as it came off a socket that was read to its end.</summary>
internal static class RawAnswer
{
    /// <summary>The call with what the answer says; unchanged where it is not whole, for then its client can't know.</summary>
    public static ClientCall ReadInto(ClientCall call, string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return call;
        }

        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = text[(end + 4)..];
        var whole = headers.TryGetValue("Content-Length", out var length)
            ? body.Length == int.Parse(length, CultureInfo.InvariantCulture)
            : body.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        if (!whole || body.IndexOf('{', StringComparison.Ordinal) is not (>= 0 and var first))
        {
            return call;
        }

        // Chunks, if any, are one and its size: the answers are small.
        var json = JsonSerializer.Deserialize<JsonElement>(body[first..(body.LastIndexOf('}') + 1)]);
        return call with
        {
            RequestId = headers["X-Request-Id"],
            Status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            Code = json.TryGetProperty("code", out var code) ? code.GetString() : null,
            Charged = json.GetProperty("credits_charged").GetInt64(),
        };
    }
}
