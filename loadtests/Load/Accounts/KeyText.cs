using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Load.Accounts;

/// <summary>
/// The keys of the load: of the form that the gateway gives out (prefix, 43 digits of base62, a checksum), but with a plain number where
/// a real key has 256 random bits. They exist for as long as a run does, on loopback. A test compares form and hash with the product's.
/// </summary>
internal static class KeyText
{
    private const string Prefix = "mg_live_";
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Of(long number)
    {
        var body = Prefix + Base62((ulong)number, 43);
        return body + Base62(Checksum(body), 6);
    }

    /// <summary>What the gateway keeps of a key: SHA-256 of its text.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));

    /// <summary>What may be shown of it.</summary>
    public static string VisibleOf(string key) => key[..(Prefix.Length + 6)];

    private static uint Checksum(string text)
    {
        var crc = uint.MaxValue;
        foreach (var letter in text)
        {
            crc = BitOperations.Crc32C(crc, (byte)letter);
        }

        return ~crc;
    }

    private static string Base62(ulong number, int length)
    {
        Span<char> text = stackalloc char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            (number, var digit) = Math.DivRem(number, (ulong)Digits.Length);
            text[i] = Digits[(int)digit];
        }

        return new string(text);
    }
}
