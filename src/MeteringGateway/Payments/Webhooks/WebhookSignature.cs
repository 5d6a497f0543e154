using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Payments.Webhooks;

/// <summary>Checks that a webhook comes from its provider, over the raw bytes and before anything is read from them. Compares in constant time.</summary>
internal static class WebhookSignature
{
    /// <summary>A signed text that was recorded can't be sent again later than this. Stripe's own default.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// <c>t=unix,v1=hex[,v1=hex]</c> over <c>t.body</c>. While a secret is being replaced there are two v1, and one has to fit;
    /// other schemes are ignored, or the weakest would decide.
    /// </summary>
    public static bool IsStripes(string? header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        string? sent = null;
        var given = new List<string>();
        foreach (var part in (header ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                sent = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                given.Add(part[3..]);
            }
        }

        if (!long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes(sent + "."), .. body];
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        var fits = false;
        foreach (var text in given)
        {
            fits |= Equal(text, expected);
        }

        return fits;
    }

    /// <summary>Hex over the body alone. It carries no time, so only the event's id tells a repeat.</summary>
    public static bool IsCreems(string? header, ReadOnlySpan<byte> body, string secret) =>
        Equal(header?.Trim() ?? "", HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static bool Equal(string hex, ReadOnlySpan<byte> expected)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return hex.Length == HMACSHA256.HashSizeInBytes * 2
            && Convert.FromHexString(hex, given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
