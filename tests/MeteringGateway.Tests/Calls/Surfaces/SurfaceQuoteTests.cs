using System.Collections.Frozen;
using System.Text;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Surfaces;

namespace MeteringGateway.Tests.Calls.Surfaces;

public sealed class SurfaceQuoteTests
{
    private static readonly FrozenDictionary<string, long> s_sizes =
        new Dictionary<string, long> { ["s"] = 2, ["xl"] = 9 }.ToFrozenDictionary();

    [Fact]
    public void Quote_OnePriceForAll_IsThatPriceWhoeverAnswers()
    {
        var quote = Surface(new FlatPrice(5)).Quote(default);

        Assert.Equal((5, null, null), (quote.Credits, quote.Error, quote.Detail));
        Assert.Equal(new Quote(5, null, null), quote.For("alpha"));
        Assert.Equal(new Quote(5, null, null), quote.For("nobody"));
    }

    /// <summary>Held is the dearest, charged what the one that answered costs.</summary>
    [Fact]
    public void Quote_PricesOfProviders_HoldsTheDearest()
    {
        var rates = UsageRates.Of("n", 3, 40);
        var surface = Surface(new FlatPrice(5), ("beta", new UsagePrice(null, UsagePrice.One(rates))), ("gamma", new FlatPrice(0)));

        var quote = surface.Quote(default);

        Assert.Equal(40, quote.Credits);
        Assert.Equal((5, 3, 40, 0, 5), (
            quote.For("alpha").Charge("""{"n":1000}"""u8), quote.For("BETA").Charge("""{"n":1000}"""u8),
            quote.For("beta").Charge(default), quote.For("gamma").Charge(default), quote.For("sandbox").Charge(default)));
        Assert.False(surface.ReadsRequest);
    }

    [Theory]
    [InlineData("""{"size":"s"}""", 7, null)]
    [InlineData("""{"size":"xl"}""", 9, null)]
    [InlineData("""{"size":"m"}""", 0, "#/size")]
    public void Quote_OnePriceReadsTheRequest_RefusesWhatItCantPrice(string body, long credits, string? at)
    {
        var surface = Surface(new FlatPrice(7), ("gamma", new OptionPrice(null, "size", s_sizes)));

        var quote = surface.Quote(Encoding.UTF8.GetBytes(body));

        Assert.True(surface.ReadsRequest);
        Assert.Equal((credits, at), (quote.Credits, quote.Error?.Pointer));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    public void Quote_FreeSurfaceWithADearProvider_IsFreeOnlyIfAllAre(long other, long held)
    {
        Assert.Equal(held, Surface(new FlatPrice(0), ("beta", new FlatPrice(other))).Quote(default).Credits);
    }

    private static Surface Surface(Price price, params (string Name, Price Price)[] own) => new(
        "search", "Search", null, price, ["alpha", "beta", "gamma"], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
        FrozenSet<int>.Empty, 9)
    {
        ProviderPrices = own.ToFrozenDictionary(one => one.Name, one => one.Price, StringComparer.OrdinalIgnoreCase),
    };
}
