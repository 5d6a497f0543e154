using System.Buffers.Text;
using System.Text;

namespace MeteringGateway.Compare.Load;

/// <summary>Finds where an answer of HTTP/1.1 ends; knows no more of HTTP than the subjects send.</summary>
internal static class AnswerEnd
{
    /// <summary>The answer's status once it is whole; 0 while bytes are missing.</summary>
    public static int StatusOf(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return 0;
        }

        var headers = received[..head];
        var body = received[(head + 4)..];
        var isWhole = Header(headers, "content-length") is { IsEmpty: false } length
            ? Utf8Parser.TryParse(length, out int bytes, out _) && body.Length >= bytes
            : body.EndsWith("0\r\n\r\n"u8);
        return isWhole && Utf8Parser.TryParse(headers["HTTP/1.1 ".Length..], out int status, out _) ? status : 0;
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> headers, string name)
    {
        foreach (var range in headers.Split("\r\n"u8))
        {
            var line = headers[range];
            if (line.IndexOf((byte)':') is >= 0 and var colon && Ascii.EqualsIgnoreCase(line[..colon], name))
            {
                return line[(colon + 1)..].Trim((byte)' ');
            }
        }

        return [];
    }
}
