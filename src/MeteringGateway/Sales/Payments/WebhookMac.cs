using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Sales.Payments;

/// <summary>The HMAC-SHA256 with which providers sign. Compares in constant time.</summary>
internal static class WebhookMac
{
    public static byte[] Of(ReadOnlySpan<byte> signed, string secret) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);

    public static bool Equal(string hex, ReadOnlySpan<byte> expected)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return hex.Length == HMACSHA256.HashSizeInBytes * 2
            && Convert.FromHexString(hex, given, out _, out _) == OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
