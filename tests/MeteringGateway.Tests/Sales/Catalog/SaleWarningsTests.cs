using MeteringGateway.Calls.Pricing;
using MeteringGateway.Sales.Catalog;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeteringGateway.Tests.Sales.Catalog;

public sealed class SaleWarningsTests
{
    private readonly SaleWarnings _warnings = new(null!, new CreditPrice(0.01m), NullLogger<SaleWarnings>.Instance);

    /// <summary>At a cent a credit.</summary>
    [Theory]
    [InlineData(2500, 2500, "USD", null)]
    [InlineData(2499, 2500, "USD", "gives 2499 credits for 25.00 USD, where a top-up of the same money gives 2500")]
    [InlineData(1, 2500, "EUR", null)]
    [InlineData(1, 0, "USD", null)]
    public void Warning_OfAPackage_IsThatATopUpGivesMore(long credits, long cents, string currency, string? warning)
    {
        var row = new PackageRow { Slug = "ten", Name = "Ten", Credits = credits, PriceCents = cents, Currency = currency };

        Assert.Equal(warning is null ? null : [warning], _warnings.WithWarnings(row).Warnings);
    }

    /// <summary>A year's price is compared with a year's credits; a plan that has none is not.</summary>
    [Theory]
    [InlineData(2000, 2000, 24_000L, "")]
    [InlineData(2000, 2001, 24_000L, "a month")]
    [InlineData(2000, 2000, 24_001L, "a year")]
    [InlineData(2000, 2001, 24_001L, "a month, a year")]
    [InlineData(2000, 2001, null, "a month")]
    public void Warning_OfAPlan_IsOfItsMonthAndOfItsYear(long credits, long monthly, long? yearly, string periods)
    {
        var row = new PlanRow
        {
            Slug = "pro",
            Name = "Pro",
            CreditsIncluded = credits,
            PriceMonthly = monthly,
            PriceYearly = yearly,
            Currency = "USD"
        };

        Assert.Equal(periods, string.Join(", ",
            (_warnings.WithWarnings(row).Warnings ?? []).Select(text => text[..text.IndexOf(" gives", StringComparison.Ordinal)])));
    }
}
