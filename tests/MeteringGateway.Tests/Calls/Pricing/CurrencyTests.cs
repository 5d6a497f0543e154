using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("USD", 2500, "25.00 USD")]
    [InlineData("USD", 5, "0.05 USD")]
    [InlineData("USD", 0, "0.00 USD")]
    [InlineData("JPY", 3000, "3000 JPY")]
    [InlineData("KRW", 1, "1 KRW")]
    [InlineData("UGX", 500, "500 UGX")]
    [InlineData("MGA", 500, "500 MGA")]
    [InlineData("ISK", 500, "5.00 ISK")]
    [InlineData("KWD", 1250, "1.250 KWD")]
    [InlineData("TND", 1, "0.001 TND")]
    [InlineData("EUR", 1000000000000, "10000000000.00 EUR")]
    public void Show_AmountInItsSmallestUnit_HasThePlacesOfItsCurrency(string code, long amount, string shown)
    {
        Assert.Equal(shown, Currency.Show(amount, code));
        Assert.True(Currency.IsOne(code));
    }

    [Theory]
    [InlineData("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF", "7")]
    [InlineData("BHD JOD KWD OMR TND", "0.007")]
    [InlineData("AUD BRL CAD CHF CNY EUR GBP HUF INR MXN NZD PLN SEK TWD USD ZAR", "0.07")]
    public void Show_EveryCurrencyOfAKind_HasItsPlaces(string codes, string shown) =>
        Assert.All(codes.Split(' '), code => Assert.Equal($"{shown} {code}", Currency.Show(7, code)));

    [Theory]
    [InlineData("ZZZ")]
    [InlineData("usd")]
    [InlineData("")]
    [InlineData("XTS")]
    public void IsOne_OfNoCurrency_IsFalse(string code) => Assert.False(Currency.IsOne(code));
}
