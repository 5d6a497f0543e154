using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Http.Authentication;

/// <summary>
/// The operator's token: the configured one, else one that the very first gateway makes, prints once and keeps as a hash.
/// A configured token replaces the made one for as long as it is configured.
/// </summary>
internal sealed class OperatorToken(NpgsqlDataSource database, IOptions<AdminOptions> options)
{
    private const string Setting = "operator_token_sha256";
    private volatile byte[]? _hash;

    /// <summary>
    /// Call once at the start, after the migrations; <paramref name="output"/> gets the line with a token that was made now.
    /// </summary>
    public async Task LoadAsync(TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Value.Token is { Length: > 0 } configured)
        {
            _hash = Hash(configured);
            return;
        }

        var made = OperatorSecret.Create().Text;
        var hash = Convert.ToHexStringLower(Hash(made));
        var kept = await KeptSetting.KeepAsync(database, Setting, hash, cancellationToken);
        _hash = Convert.FromHexString(kept);
        if (kept == hash)
        {
            await output.WriteLineAsync($"Operator token, shown this once: {made}");
        }
    }

    /// <summary>Takes the same time for every wrong token.</summary>
    public bool Matches(string token) =>
        _hash is { } hash && CryptographicOperations.FixedTimeEquals(hash, Hash(token));

    /// <summary>Whether a hash that was kept is that of the token of now.</summary>
    public bool IsOf(ReadOnlySpan<byte> hash) => _hash is { } current && CryptographicOperations.FixedTimeEquals(current, hash);

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
