using MeteringGateway.Calls.Pricing;
using MeteringGateway.Configuration;
using MeteringGateway.Sales.Catalog;
using Microsoft.Extensions.Configuration;

namespace MeteringGateway.Tests.Sales.Catalog;

/// <summary>
/// Packages, plans and top-ups of the files that are shipped sell the same thing: a credit costs about the same whichever way it is bought.
/// </summary>
public sealed class ShippedPricesTests
{
    private static readonly string Config = Path.Combine(Root(), "config");
    private static readonly decimal Usd = new ConfigurationBuilder().AddJsonFile(Path.Combine(Config, "gateway.json")).Build()
        .GetValue<decimal>("Credits:Usd");
    private static readonly CatalogSeed Seed = CatalogSeed.ReadFile(Path.Combine(Config, "catalog.json"), new ConfigurationErrors());

    public static TheoryData<string, long, long> Offers()
    {
        var offers = new TheoryData<string, long, long>();
        foreach (var package in Seed.Packages)
        {
            offers.Add(package.Slug, package.Credits, package.PriceCents);
        }

        foreach (var plan in Seed.Plans)
        {
            offers.Add(plan.Slug + " monthly", plan.CreditsIncluded, plan.PriceMonthly);
            offers.Add(plan.Slug + " yearly", plan.CreditsIncluded * 12, plan.PriceYearly!.Value);
        }

        return offers;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "MeteringGateway.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [Fact]
    public void Credit_AsShipped_CostsTenCents() => Assert.Equal(0.10m, Usd);

    [Theory]
    [MemberData(nameof(Offers))]
    public void Offer_AsShipped_GivesWhatATopUpGivesAndAtMostTwiceThat(string offer, long credits, long cents)
    {
        var asTopUp = new CreditPrice(Usd).CreditsFor(cents);
        Assert.True(
            credits >= asTopUp && credits <= 2 * asTopUp, $"{offer}: {credits} credits for {cents} cents, a top-up gives {asTopUp}");
    }

    [Fact]
    public void Seed_AsShipped_HasPackagesAndPlansInDollars()
    {
        Assert.NotEmpty(Seed.Packages);
        Assert.NotEmpty(Seed.Plans);
        Assert.All(
            Seed.Packages.Select(package => package.Currency).Concat(Seed.Plans.Select(plan => plan.Currency)),
            currency => Assert.Equal("USD", currency));
    }
}
