using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeteringGateway.Testing.Creem;

[Flags]
public enum CreemSchemes
{
    /// <summary><c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
    Standard = 1,

    /// <summary><c>creem-signature</c>.</summary>
    Body = 2,
    Both = Standard | Body,
}

/// <summary>How Creem signs, written from its description and held to npm <c>creem</c>; no code of the gateway.</summary>
public static class CreemSigner
{
    private const string Prefix = "whsec_";

    public static IReadOnlyList<(string Name, string Value)> Of(
        string body, string secret, CreemSchemes schemes, string id, DateTimeOffset at)
    {
        var headers = new List<(string, string)>();
        if (schemes.HasFlag(CreemSchemes.Standard))
        {
            var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
            var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{seconds}.{body}"));
            headers.AddRange(
                [("webhook-id", id), ("webhook-timestamp", seconds), ("webhook-signature", "v1," + Convert.ToBase64String(mac))]);
        }

        if (schemes.HasFlag(CreemSchemes.Body))
        {
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body));
            headers.Add(("creem-signature", Convert.ToHexStringLower(mac)));
        }

        return headers;
    }
}
