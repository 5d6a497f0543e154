using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Dialects.Dessert;

/// <summary>
/// The live price list in Dessert's words: <c>&lt;slug&gt;_credits</c> for a flat price, <c>&lt;option&gt;_&lt;slug&gt;_credits</c> for
/// each option. What is priced by its usage has no cost before the call, and is left out.
/// </summary>
internal static class DessertPricing
{
    public static IReadOnlyDictionary<string, decimal> Of(SurfaceCatalog catalog, CreditPrice price)
    {
        var pricing = new Dictionary<string, decimal> { ["credit_usd"] = price.Usd };
        foreach (var slug in catalog.Slugs)
        {
            if (catalog.BySlug[slug].Price is FlatPrice flat)
            {
                pricing.TryAdd($"{slug}_credits", flat.Credits);
            }
            else if (catalog.BySlug[slug].Price is OptionPrice options)
            {
                // The cheapest first: the order in which a price list is read.
                foreach (var (option, credits) in options.Credits.OrderBy(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal))
                {
                    pricing.TryAdd(option.Length == 0 ? $"{slug}_credits" : $"{option}_{slug}_credits", credits);
                }
            }
        }

        return pricing;
    }
}
