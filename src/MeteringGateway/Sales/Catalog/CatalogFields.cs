using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;

namespace MeteringGateway.Sales.Catalog;

/// <summary>
/// Reads packages and plans, from operator calls and from the seed file alike. With a current row only what is given is changed;
/// without one the required fields must be there. Null: refused, the reader's errors say why.
/// </summary>
internal static partial class CatalogFields
{
    public const long MostCents = 1_000_000_000_000;
    private const string DefaultCurrency = Currency.Dollar;

    /// <summary>Of a name's hash in its slug: 40 bits, far more than there will be plans.</summary>
    private const int HashLength = 10;

    public static PackageRow? Package(RequestFields fields, PackageRow? current)
    {
        var (isNew, faults) = (current is null, fields.Errors.Count);
        var row = new PackageRow
        {
            Id = current?.Id ?? 0,
            CreatedAt = current?.CreatedAt ?? default,
            Slug = Slug(fields, isNew) ?? current?.Slug ?? "",
            Name = fields.Text("name", 200, Needed(fields, "name", isNew)) ?? current?.Name ?? "",
            Description = Description(fields) ?? current?.Description ?? "",
            Credits = fields.Whole("credits", 1, CreditBounds.Call, Needed(fields, "credits", isNew)) ?? current?.Credits ?? 0,
            PriceCents = fields.Whole("price_cents", 0, MostCents, Needed(fields, "price_cents", isNew)) ?? current?.PriceCents ?? 0,
            Currency = CurrencyOf(fields) ?? current?.Currency ?? DefaultCurrency,
            SortOrder = (int?)fields.Whole("sort_order", -1_000_000, 1_000_000) ?? current?.SortOrder ?? 0,
            Active = fields.Flag("active") ?? current?.Active ?? true,
        };
        Keep(fields, current?.Id, current?.CreatedAt);
        fields.RefuseOthers();
        return fields.Errors.Count == faults ? row : null;
    }

    public static PlanRow? Plan(RequestFields fields, PlanRow? current)
    {
        var (isNew, faults) = (current is null, fields.Errors.Count);
        var name = fields.Text("name", 200, Needed(fields, "name", isNew)) ?? current?.Name ?? "";
        var row = new PlanRow
        {
            Id = current?.Id ?? "",
            CreatedAt = current?.CreatedAt ?? default,
            // The Billing API knows no slug, so a plan made through it gets one from its name.
            Slug = Slug(fields, required: false) ?? current?.Slug ?? SlugOf(name),
            Name = name,
            Description = Description(fields) ?? current?.Description ?? "",
            PriceMonthly = fields.Whole("price_monthly", 0, MostCents, Needed(fields, "price_monthly", isNew))
                ?? current?.PriceMonthly ?? 0,
            PriceYearly = fields.Given("price_yearly") ? fields.Whole("price_yearly", 0, MostCents) : current?.PriceYearly,
            Currency = CurrencyOf(fields) ?? current?.Currency ?? DefaultCurrency,
            CreditsIncluded = fields.Whole("credits_included", 1, CreditBounds.Call, Needed(fields, "credits_included", isNew))
                ?? current?.CreditsIncluded ?? 0,
            Features = Features(fields) ?? current?.Features ?? [],
            ProductsJson = PlanProduct.Write(Products(fields, current?.Products() ?? [])),
            SortOrder = (int?)fields.Whole("sort_order", -1_000_000, 1_000_000) ?? current?.SortOrder ?? 0,
            Active = fields.Flag("active") ?? current?.Active ?? true,
        };
        Keep(fields, current?.Id, current?.CreatedAt);
        fields.RefuseOthers();
        return fields.Errors.Count == faults ? row : null;
    }

    /// <summary>
    /// A change may be what was read, with something else in it: what only an answer says is taken where it is as it was.
    /// </summary>
    private static void Keep<T>(RequestFields fields, T? id, DateTimeOffset? createdAt)
    {
        if (createdAt is not { } created)
        {
            return;
        }

        fields.Same("id", id);

        // Many clients keep a moment to the millisecond only.
        if (fields.Instant("created_at") is { } given && (given - created).Duration() >= TimeSpan.FromMilliseconds(1))
        {
            fields.Refuse("created_at", "can't be changed");
        }

        fields.Given("warnings");
    }

    // A change may leave a field out, but not take away what a row can't be without.
    private static bool Needed(RequestFields fields, string name, bool isNew) => isNew || fields.Given(name);

    private static string? Slug(RequestFields fields, bool required)
    {
        var slug = fields.Text("slug", 64, required || fields.Given("slug"));
        if (slug is not null && !SlugSyntax().IsMatch(slug))
        {
            fields.Refuse("slug", "must be small letters and digits, joined by single hyphens");
        }

        return slug;
    }

    /// <summary>
    /// The name itself where a slug can say it. Where signs are lost on the way (<c>C++</c>, 专业版) a piece of the name's hash stands for
    /// them, so that names that differ in those alone get slugs that differ too.
    /// </summary>
    private static string SlugOf(string name)
    {
        var slug = NotInSlugs().Replace(name.ToLowerInvariant(), "-").Trim('-');
        if (slug.Length <= 64 && PlainName().IsMatch(name))
        {
            return slug;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        var stem = slug.Length <= 64 - 1 - HashLength ? slug : slug[..(64 - 1 - HashLength)].TrimEnd('-');
        return (stem.Length == 0 ? "plan" : stem) + "-" + hash;
    }

    private static string? Description(RequestFields fields) =>
        fields.Given("description") ? fields.Prose("description", 2000) ?? "" : null;

    private static string? CurrencyOf(RequestFields fields)
    {
        var currency = fields.Text("currency", 3);
        if (currency is not null && !Currency.IsOne(currency))
        {
            fields.Refuse("currency", "must be the code of a currency in ISO 4217, in capitals, like USD");
        }

        return currency;
    }

    /// <summary>A field that is given replaces its product, or takes it away.</summary>
    private static List<PlanProduct> Products(RequestFields fields, IReadOnlyList<PlanProduct> current)
    {
        var products = current.ToList();
        foreach (var (field, channel, period) in PlanProduct.Fields.Where(field => fields.Given(field.Field)))
        {
            products.RemoveAll(product => product.Channel == channel && product.Period == period);
            if (fields.Text(field, 200) is { } id)
            {
                products.Add(new PlanProduct(channel, period, id));
            }
        }

        return products;
    }

    private static string[]? Features(RequestFields fields)
    {
        if (fields.Items("features", 50) is not { } items)
        {
            return null;
        }

        var features = new List<string>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].ValueKind == System.Text.Json.JsonValueKind.String
                && items[i].GetString() is { Length: >= 1 and <= 200 } text && !text.Any(char.IsControl))
            {
                features.Add(text);
            }
            else
            {
                fields.Refuse("features", i, "must be a text of 1 to 200 characters");
            }
        }

        return [.. features];
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SlugSyntax();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInSlugs();

    [GeneratedRegex("^[A-Za-z0-9]+( [A-Za-z0-9]+)*\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PlainName();
}
