using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace MeteringGateway.Calls.Providers;

/// <summary>
/// Undoes what a provider's server did to a body although it was told <c>identity</c> (RFC 9110, 8.4.1): a compressed body can be neither
/// checked for JSON nor put into an envelope. A bound holds for what comes out, too: a kilobyte of zeros packs a megabyte.
/// </summary>
internal static class ContentCoding
{
    /// <summary>More than one coding over another is rare; more than this is an attack.</summary>
    private const int MostCodings = 3;

    private const int Piece = 16 * 1024;

    /// <summary>
    /// The body as it was before it was coded; null where it is coded in a way that is not known here, damaged, cut short,
    /// or larger than <paramref name="bound"/>.
    /// </summary>
    /// <param name="body">As it was received.</param>
    /// <param name="contentEncoding">What the header says was done to it.</param>
    /// <param name="bound">The most bytes that may come out.</param>
    /// <param name="hasRoom">Asked as the result grows: whether so many bytes of it may be in memory. False: null is the answer.</param>
    public static ReadOnlyMemory<byte>? Decode(
        ReadOnlyMemory<byte> body, StringValues contentEncoding, int bound, Func<long, bool>? hasRoom = null)
    {
        if (contentEncoding.Count == 0)
        {
            return body;
        }

        var codings = Codings(contentEncoding);
        if (codings.Length > MostCodings)
        {
            return null;
        }

        // Codings are listed in the order in which they were applied.
        for (var i = codings.Length - 1; i >= 0; i--)
        {
            if (Undo(codings[i], body, bound, hasRoom) is not { } decoded)
            {
                return null;
            }

            body = decoded;
        }

        return body;
    }

    /// <summary>
    /// The body as it was before it was coded, as it comes; null where it is coded in a way that is not known here. Whether it is whole,
    /// its framing says alone.
    /// </summary>
    public static Stream? Unpack(Stream body, StringValues contentEncoding)
    {
        var codings = Codings(contentEncoding);
        for (var i = codings.Length - 1; i >= 0 && codings.Length <= MostCodings; i--)
        {
            switch (codings[i].ToUpperInvariant())
            {
                case "IDENTITY":
                    break;
                case "GZIP" or "X-GZIP":
                    body = new GZipStream(body, CompressionMode.Decompress);
                    break;
                case "BR":
                    body = new BrotliStream(body, CompressionMode.Decompress);
                    break;
                case "DEFLATE":
                    body = new ZLibStream(body, CompressionMode.Decompress);
                    break;
                default:
                    return null;
            }
        }

        return codings.Length <= MostCodings ? body : null;
    }

    private static string[] Codings(StringValues contentEncoding) =>
        contentEncoding.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ReadOnlyMemory<byte>? Undo(string coding, ReadOnlyMemory<byte> body, int bound, Func<long, bool>? hasRoom)
    {
        // An empty body has nothing to undo: servers name the coding of an answer to HEAD or of a 204, too.
        if (coding.Equals("identity", StringComparison.OrdinalIgnoreCase) || body.IsEmpty)
        {
            return body;
        }

        try
        {
            var unpacked = coding.ToUpperInvariant() switch
            {
                "GZIP" or "X-GZIP" =>
                    ReadAll(body, bound, hasRoom, packed => new GZipStream(packed, CompressionMode.Decompress)) is { } whole
                        && EndsGzip(body.Span, whole.Length)
                        ? whole
                        : null,
                "BR" => Brotli(body.Span, bound, hasRoom),
                "DEFLATE" when IsZlib(body.Span) =>
                    ReadAll(body, bound, hasRoom, packed => new ZLibStream(packed, CompressionMode.Decompress)) is { } whole
                        && EndsZlib(body.Span, whole)
                        ? whole
                        : null,

                // Some servers leave out the frame that RFC 9110 asks for.
                "DEFLATE" => ReadAll(body, bound, hasRoom, packed => new DeflateStream(packed, CompressionMode.Decompress)),
                _ => null,
            };
            return unpacked is null ? (ReadOnlyMemory<byte>?)null : unpacked;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static byte[]? ReadAll(ReadOnlyMemory<byte> body, int bound, Func<long, bool>? hasRoom, Func<Stream, Stream> unpacker)
    {
        using var packed = new MemoryStream(body.ToArray(), writable: false);
        using var unpacked = unpacker(packed);
        using var whole = new MemoryStream();
        var piece = new byte[Piece];
        while (unpacked.Read(piece, 0, Math.Min(piece.Length, bound + 1 - (int)whole.Length)) is var read and > 0)
        {
            whole.Write(piece, 0, read);
            if (whole.Length > bound || hasRoom?.Invoke(whole.Length) == false)
            {
                return null;
            }
        }

        return whole.ToArray();
    }

    /// <summary>The decoder says whether the stream came to its end; the framework's stream takes a cut one for a whole one.</summary>
    private static byte[]? Brotli(ReadOnlySpan<byte> body, int bound, Func<long, bool>? hasRoom)
    {
        using var decoder = new BrotliDecoder();
        using var whole = new MemoryStream();
        var piece = new byte[Piece];
        while (true)
        {
            var status = decoder.Decompress(body, piece, out var consumed, out var written);
            body = body[consumed..];
            whole.Write(piece, 0, written);
            if (whole.Length > bound || hasRoom?.Invoke(whole.Length) == false
                || status is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
            {
                return null;
            }

            if (status == OperationStatus.Done)
            {
                return whole.ToArray();
            }
        }
    }

    /// <summary>A gzip member ends with the length of what is in it (RFC 1952, 2.3.1); several members may follow one another.</summary>
    private static bool EndsGzip(ReadOnlySpan<byte> body, int length) =>
        body.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(body[^4..]) <= length;

    /// <summary>A zlib stream ends with the Adler-32 of what is in it (RFC 1950, 2.2).</summary>
    private static bool EndsZlib(ReadOnlySpan<byte> body, byte[] whole)
    {
        uint a = 1, b = 0;
        foreach (var value in whole)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return BinaryPrimitives.ReadUInt32BigEndian(body[^4..]) == ((b << 16) | a);
    }

    private static bool IsZlib(ReadOnlySpan<byte> body) =>
        body.Length >= 2 && (body[0] & 0x0F) == 8 && ((body[0] << 8) | body[1]) % 31 == 0;
}
