using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// The form of every secret that the gateway gives out: a prefix that says what it is, 256 random bits as 43 base62 digits,
/// and 6 digits of checksum (CRC-32C over all before it), so that garbage and typing errors are refused without a look-up
/// and a scanner that finds a leaked one knows it.
/// </summary>
internal static class SecretText
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly string[] s_prefixes = ["mg_", "mgs_", "mgo_", "mgc_", "mgl_"];
    private const int RandomDigits = 43;
    private const int ChecksumDigits = 6;
    private const int TailLength = RandomDigits + ChecksumDigits;
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Digits);

    public static string Create(string prefix)
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        var body = prefix + Base62(new BigInteger(random, isUnsigned: true), RandomDigits);
        CryptographicOperations.ZeroMemory(random);
        return body + Base62(Checksum(body), ChecksumDigits);
    }

    public static bool IsWellFormed(string prefix, ReadOnlySpan<char> text)
    {
        if (text.Length != prefix.Length + TailLength || !text.StartsWith(prefix, StringComparison.Ordinal)
            || text[prefix.Length..].ContainsAnyExcept(Allowed))
        {
            return false;
        }

        var given = 0L;
        foreach (var digit in text[^ChecksumDigits..])
        {
            given = given * Digits.Length + Digits.IndexOf(digit, StringComparison.Ordinal);
        }

        return given == Checksum(text[..^ChecksumDigits]);
    }

    /// <summary>
    /// Whether a text looks like a secret of ours (a key, a session, an operator's token, a cookie or a link of the console), right or
    /// wrong: then it is shown to nobody.
    /// </summary>
    public static bool IsOurs(string text) => s_prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>What may be shown of a secret, so that a person finds it again: the prefix and six of the 43 digits.</summary>
    public static string Visible(string prefix, string secret) => secret[..(prefix.Length + 6)];

    private static uint Checksum(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc = BitOperations.Crc32C(crc, (byte)c);
        }

        return ~crc;
    }

    private static string Base62(BigInteger number, int length)
    {
        Span<char> text = stackalloc char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            (number, var digit) = BigInteger.DivRem(number, Digits.Length);
            text[i] = Digits[(int)digit];
        }

        return new string(text);
    }
}
