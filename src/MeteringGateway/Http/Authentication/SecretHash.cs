using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// SHA-256 of a secret: the only form in which one is stored or kept in memory. The secret has 256 random bits, so a fast hash is enough.
/// </summary>
internal readonly record struct SecretHash(ulong A, ulong B, ulong C, ulong D)
{
    public static SecretHash Of(ReadOnlySpan<char> secret)
    {
        // Longest is mg_live_ with its tail, 57 characters; callers have checked the form, so every character is one byte.
        Span<byte> text = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.ASCII.GetBytes(secret, text)], hash);
        return FromBytes(hash);
    }

    /// <summary>Of a secret that is not of our form, whatever its length.</summary>
    public static SecretHash OfText(string secret)
    {
        return FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), D);
        return bytes;
    }

    /// <param name="bytes">As <see cref="ToBytes"/> writes them.</param>
    public static SecretHash FromBytes(ReadOnlySpan<byte> bytes) => new(Part(bytes, 0), Part(bytes, 1), Part(bytes, 2), Part(bytes, 3));

    // Every bit of a hash is as good as any other.
    public override int GetHashCode() => unchecked((int)A);

    private static ulong Part(ReadOnlySpan<byte> hash, int index) => BinaryPrimitives.ReadUInt64BigEndian(hash[(index * 8)..]);
}
