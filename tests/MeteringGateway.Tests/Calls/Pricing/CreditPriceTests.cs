using System.Globalization;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class CreditPriceTests
{
    [Theory]
    [InlineData("0.01", 100, 100)]
    [InlineData("0.10", 2500, 250)]
    [InlineData("0.10", 2509, 250)]
    [InlineData("0.10", 9, 0)]
    [InlineData("0.03", 100, 33)]
    [InlineData("1.5", 149, 0)]
    [InlineData("1.5", 150, 1)]
    [InlineData("0.000001", 1, 10_000)]
    [InlineData("1000000", 99_999_999, 0)]
    [InlineData("1000000", 100_000_000, 1)]
    public void CreditsFor_APayment_RoundsDown(string usd, long cents, long credits) => Assert.Equal(credits, Price(usd).CreditsFor(cents));

    [Theory]
    [InlineData("0.01", 205, 205)]
    [InlineData("0.10", 205, 2050)]
    [InlineData("0.005", 1, 1)]
    [InlineData("0.005", -1, -1)]
    [InlineData("0.004", 1, 0)]
    [InlineData("0.004", -1, 0)]
    [InlineData("0.015", 1, 2)]
    [InlineData("0.015", -1, -2)]
    [InlineData("0.025", 1, 3)]
    [InlineData("1000000", 1_000_000_000_000_000, 1_000_000_000_000_000_000)]
    [InlineData("1000000", -1_000_000_000_000_000, -1_000_000_000_000_000_000)]
    public void CentsFor_Credits_RoundsHalfAwayFromZero(string usd, long credits, long cents) =>
        Assert.Equal(cents, Price(usd).CentsFor(credits));

    [Fact]
    public void CreditsFor_WhatCreditsCost_NeverGivesMore()
    {
        var random = new Random(20_261_121);
        for (var i = 0; i < 2000; i++)
        {
            var price = new CreditPrice(random.Next(1, 1_000_000) / 10_000m);
            var cents = random.NextInt64(0, 1_000_000_000);
            var credits = price.CreditsFor(cents);
            Assert.InRange(credits * price.Usd * 100, 0, cents);
            Assert.True((credits + 1) * price.Usd * 100 > cents);
        }
    }

    private static CreditPrice Price(string usd) => new(decimal.Parse(usd, CultureInfo.InvariantCulture));
}
