using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MeteringGateway.Ledger.Background;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MeteringGateway.Sales.Payments.Creem;

/// <summary>
/// The one product of each currency under which packages and top-ups are sold, each checkout at a price of its own. It is made at the first
/// sale with a key, and its id kept beside the key's fingerprint: another key may be another shop's. Where Creem no longer knows it,
/// another takes its place, noted under the one before. Any number of callers and gateways at once.
/// </summary>
internal sealed class CreemProducts(
    NpgsqlDataSource database, CreemApi api, Installation installation, IOptions<CreemOptions> options)
{
    /// <summary>What Creem sells in.</summary>
    public static readonly IReadOnlyList<string> Currencies = ["USD", "EUR"];

    /// <summary>The least that Creem takes for a product; no checkout is made at it.</summary>
    private const int Price = 100;

    private static readonly string Find = SqlFile.Read("Sales/Payments/Creem/find-base-product.sql");
    private readonly ConcurrentDictionary<string, string> _known = new();

    /// <summary>Null: Creem could not be asked.</summary>
    /// <param name="currency">One of <see cref="Currencies"/>.</param>
    /// <param name="gone">The id that Creem did not know; null: none was tried.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<string?> FindAsync(string currency, string? gone, CancellationToken cancellationToken)
    {
        var shop = $"creem_product:{Fingerprint()}:{currency}";
        if (gone is null && _known.TryGetValue(shop, out var known))
        {
            return known;
        }

        var name = gone is null ? shop : $"{shop}:after:{gone}";
        var id = await database.QuerySingleOrDefaultAsync<string?>(Find, new { name }, cancellationToken)
            ?? await MakeAsync(currency, name, cancellationToken);
        if (id is not null)
        {
            _known[shop] = id;
        }

        return id;
    }

    /// <summary>Enough to tell the keys of one operator apart, and too little to tell a key.</summary>
    private string Fingerprint() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Value.ApiKey ?? "")).AsSpan(0, 4));

    /// <summary>
    /// For two gateways that make it at once, Creem makes one by the key; if it makes two, the first that is kept is used.
    /// </summary>
    private async Task<string?> MakeAsync(string currency, string name, CancellationToken cancellationToken)
    {
        var key = Installation.Outside(await installation.NameAsync(cancellationToken), name);
        var product = new
        {
            Name = "Credits",
            Description = "Prepaid credits",
            Price,
            Currency = currency,
            BillingType = "onetime",
            TaxCategory = "saas",
        };
        var answer = await api.PostAsync("/v1/products", product, cancellationToken, key);
        return answer.Outcome == CreemOutcome.Ok && EventJson.Text(answer.Body, "id") is { } id && EventJson.IsId(id)
            ? await KeptSetting.KeepAsync(database, name, id, cancellationToken)
            : null;
    }
}
