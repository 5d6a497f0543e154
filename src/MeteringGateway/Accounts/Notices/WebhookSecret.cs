using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Accounts.Notices;

/// <summary>
/// The secret that signs an account's webhooks (<c>whsec_…</c>). It is computed from the gateway's signing key, the account and a nonce
/// each time it is needed, so no table holds it. Any number of callers at once.
/// </summary>
internal sealed class WebhookSecret(NpgsqlDataSource database, IOptions<NoticesOptions> options)
{
    private const string Setting = "notices.signing_key";
    private volatile byte[]? _key;

    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(16);

    public async Task<string> OfAsync(long accountId, byte[] nonce, CancellationToken cancellationToken)
    {
        var key = _key ??= await LoadKeyAsync(cancellationToken);
        var about = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"webhook:{accountId}:{Convert.ToHexStringLower(nonce)}"));
        return "whsec_" + Convert.ToHexStringLower(HMACSHA256.HashData(key, about));
    }

    /// <summary>HMAC-SHA256 in lower-case hex over timestamp, a full stop and the body, with the whole text of the secret as key.</summary>
    public static string Sign(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    private async Task<byte[]> LoadKeyAsync(CancellationToken cancellationToken)
    {
        if (options.Value.SigningKey is { Length: > 0 } configured)
        {
            return Encoding.UTF8.GetBytes(configured);
        }

        var made = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return Encoding.UTF8.GetBytes(await KeptSetting.KeepAsync(database, Setting, made, cancellationToken));
    }
}
