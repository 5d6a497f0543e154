using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>
/// The two ways in which Creem signs. Where the headers of Standard Webhooks are there they alone count: a delivery that carries both and
/// fails the stronger one would else be taken again for ever, for the older scheme signs no time.
/// </summary>
internal static class CreemSignature
{
    /// <summary>A signed text that was recorded can't be sent again later than this. Standard Webhooks' own default.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const string HashPrefix = "sha256=";

    public static bool Fits(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        var (id, sent, given) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"]);
        return id.Length > 0 || sent.Length > 0 || given.Count > 0
            ? FitsStandard(id, sent, given.ToString(), body, secret, now)
            : FitsBody((headers["creem-signature"] is { Count: > 0 } own ? own : headers["x-creem-signature"]).ToString(), body, secret);
    }

    /// <summary>Base64 over <c>id.timestamp.body</c>; while a secret is being replaced there are several, and one has to fit.</summary>
    private static bool FitsStandard(
        string id, string sent, string given, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (id.Length == 0 || KeyOf(secret) is not { } key
            || !long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{sent}."), .. body];
        var expected = HMACSHA256.HashData(key, signed);
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        var fits = false;
        foreach (var part in given.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            fits |= part.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64Chars(part.AsSpan(Version.Length), signature, out var length)
                && CryptographicOperations.FixedTimeEquals(signature[..length], expected);
        }

        return fits;
    }

    /// <summary>Hex over the body alone. It carries no time, so only the event's id tells a repeat.</summary>
    private static bool FitsBody(string given, ReadOnlySpan<byte> body, string secret)
    {
        var hex = given.Trim();
        return WebhookMac.Equal(
            hex.StartsWith(HashPrefix, StringComparison.Ordinal) ? hex[HashPrefix.Length..] : hex, WebhookMac.Of(body, secret));
    }

    /// <summary>Null: the secret is none of this scheme. Its padding may be left out, as for Creem's own helpers.</summary>
    private static byte[]? KeyOf(string secret)
    {
        var text = (secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret).TrimEnd('=');
        text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length > 0 ? key[..length] : null;
    }
}
