using System.Globalization;
using System.Text;

namespace MeteringGateway.Testing;

/// <summary>Reads HTTP/1.1 requests off one connection, byte for byte as they came.</summary>
internal sealed class RequestReader(Stream stream) : IDisposable
{
    private readonly BufferedStream _buffered = new(stream);

    public void Dispose() => _buffered.Dispose();

    /// <returns>Null when the other side has closed the connection.</returns>
    public async Task<ReceivedRequest?> ReadAsync(CancellationToken cancellation)
    {
        var first = await LineAsync(cancellation);
        if (string.IsNullOrEmpty(first))
        {
            return null;
        }

        var words = first.Split(' ');
        var headers = new List<(string Name, string Value)>();
        while (await LineAsync(cancellation) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        return new ReceivedRequest(words[0], words[1], headers, await BodyAsync(headers, cancellation));
    }

    private async Task<byte[]> BodyAsync(List<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        string? Value(string name) => headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        if (Value("Content-Length") is { } length)
        {
            return await BytesAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        }

        var body = new MemoryStream();
        if (Value("Transfer-Encoding") is not null)
        {
            while (int.Parse((await LineAsync(cancellation))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size and > 0)
            {
                body.Write(await BytesAsync(size, cancellation));
                await LineAsync(cancellation);
            }

            await LineAsync(cancellation);
        }

        return body.ToArray();
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        await _buffered.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private async Task<string?> LineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await _buffered.ReadAsync(one, cancellation) == 1)
        {
            if (one[0] == (byte)'\n')
            {
                return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
