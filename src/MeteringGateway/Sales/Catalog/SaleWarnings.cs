using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Sales.Catalog;

/// <summary>
/// What an operator should hear of a price, though it is no error: a package or a plan that gives fewer credits than the same money as a
/// top-up. Nobody who knows would buy it, and it is most likely that <c>Credits:Usd</c> was never set.
/// </summary>
internal sealed class SaleWarnings(CatalogStore catalog, CreditPrice price, ILogger<SaleWarnings> logger)
{
    private const int MonthsOfAYear = 12;

    public PackageRow WithWarnings(PackageRow row) => row with { Warnings = Those(Of("", row.Credits, row.PriceCents, row.Currency)) };

    public PlanRow WithWarnings(PlanRow row) => row with
    {
        Warnings = Those(
            Of("a month ", row.CreditsIncluded, row.PriceMonthly, row.Currency),
            Of("a year ", row.CreditsIncluded * MonthsOfAYear, row.PriceYearly ?? 0, row.Currency)),
    };

    /// <summary>One line at the start for all that is on sale.</summary>
    public async Task LogAsync(CancellationToken cancellationToken)
    {
        var packages = await catalog.PackagesAsync(includeInactive: false, cancellationToken);
        var plans = await catalog.PlansAsync(includeInactive: false, cancellationToken);
        var lines = packages.Where(row => WithWarnings(row).Warnings is not null).Select(row => "package " + row.Slug)
            .Concat(plans.Where(row => WithWarnings(row).Warnings is not null).Select(row => "plan " + row.Slug))
            .ToList();
        if (lines.Count > 0)
        {
            logger.LogWarning(
                "Fewer credits than a top-up of the same money gives: {Offers}. A credit is {Usd} USD (Credits:Usd); set it, "
                    + "or change their prices",
                string.Join(", ", lines), price.Usd);
        }
    }

    /// <summary>Null: no fewer than a top-up, or another currency, which can't be compared.</summary>
    private string? Of(string period, long credits, long cents, string currency) =>
        currency == Currency.Dollar && price.CreditsFor(cents) is var asTopUp && asTopUp > credits
            ? $"{period}gives {credits} credits for {Currency.Show(cents, currency)}, where a top-up of the same money gives {asTopUp}"
            : null;

    private static List<string>? Those(params ReadOnlySpan<string?> warnings) =>
        warnings.ToArray().OfType<string>().ToList() is { Count: > 0 } some ? some : null;
}
