using System.IO.Compression;
using System.Text;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Tests.Calls.Providers;

public sealed class ContentCodingTests
{
    private const string Text = """{"answer":"forty-two, forty-two, forty-two"}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("deflate, gzip")]
    [InlineData("identity")]
    [InlineData("")]
    [InlineData(" identity ,, gzip ")]
    public void Decode_KnownCoding_IsUndone(string coding) =>
        Assert.Equal(Text, Encoding.UTF8.GetString(ContentCoding.Decode(Packed(coding), coding, 1000)!.Value.Span));

    [Fact]
    public void Decode_DeflateWithoutItsFrame_IsUndone() =>
        Assert.Equal(Text, Encoding.UTF8.GetString(
            ContentCoding.Decode(Pack(stream => new DeflateStream(stream, CompressionMode.Compress)), "deflate", 1000)!.Value.Span));

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, gzip, gzip, gzip")]
    [InlineData("br")]
    public void Decode_UnknownOrDamaged_IsNothing(string coding) =>
        Assert.Null(ContentCoding.Decode(Encoding.UTF8.GetBytes("no such stream"), coding, 1000));

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public void Decode_CutShort_IsNothing(string coding)
    {
        var packed = Packed(coding);

        Assert.Null(ContentCoding.Decode(packed.AsMemory(0, packed.Length / 2), coding, 1000));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("deflate, gzip")]
    public void Decode_MoreThanTheBound_IsNothingAndStopsThere(string coding)
    {
        var packed = Packed(coding, new byte[200 * 1024 * 1024]);

        Assert.True(packed.Length < 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(ContentCoding.Decode(packed, coding, 1024 * 1024));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024 * 1024);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public void Decode_WithoutRoomForWhatComesOut_IsNothingAndStopsThere(string coding)
    {
        long most = 0;
        Assert.Null(
            ContentCoding.Decode(Packed(coding, new byte[1024 * 1024]), coding, 1024 * 1024, unpacked => (most = unpacked) <= 64 * 1024));
        Assert.InRange(most, 64 * 1024, 128 * 1024);
        Assert.Equal(
            1024 * 1024, ContentCoding.Decode(Packed(coding, new byte[1024 * 1024]), coding, 1024 * 1024, _ => true)!.Value.Length);
    }

    [Fact]
    public void Decode_AsLargeAsTheBound_IsUndone() =>
        Assert.Equal(1000, ContentCoding.Decode(Packed("gzip", new byte[1000]), "gzip", 1000)!.Value.Length);

    private static byte[] Packed(string codings, byte[]? content = null)
    {
        var packed = content ?? Encoding.UTF8.GetBytes(Text);
        foreach (var coding in codings.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries))
        {
            packed = coding switch
            {
                "GZIP" or "X-GZIP" => Pack(stream => new GZipStream(stream, CompressionLevel.Optimal), packed),
                "BR" => Pack(stream => new BrotliStream(stream, CompressionLevel.Fastest), packed),
                "DEFLATE" => Pack(stream => new ZLibStream(stream, CompressionLevel.Optimal), packed),
                _ => packed,
            };
        }

        return packed;
    }

    private static byte[] Pack(Func<Stream, Stream> packer, byte[]? content = null)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
        {
            stream.Write(content ?? Encoding.UTF8.GetBytes(Text));
        }

        return packed.ToArray();
    }
}
