using System.Collections.Frozen;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MeteringGateway.Calls.Pricing;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class OptionPriceTests
{
    private static readonly OptionPrice s_ads = new("count", "format", Table(("static", 5), ("full", 15)));
    private static readonly OptionPrice s_perUnit = new("count", null, Table(("", 3)));
    private static readonly OptionPrice s_byKind = new(null, "format", Table(("static", 5), ("full", 15)));

    [Theory]
    [InlineData("""{"count":3,"format":"full"}""", 45, "count=3, format=full")]
    [InlineData("""{"format":"static"}""", 5, "count=1, format=static")]
    [InlineData("""{"format":"st\u0061tic","co\u0075nt":2}""", 10, "count=2, format=static")]
    [InlineData("""{"options":{"count":9},"count":1,"format":"full"}""", 15, "count=1, format=full")]
    [InlineData("""{"count":66666666666,"format":"full"}""", 999_999_999_990, "count=66666666666, format=full")]
    [InlineData("""{"count":200000000000,"format":"static"}""", 1_000_000_000_000, "count=200000000000, format=static")]
    public void Quote_KnownOption_Multiplies(string body, long credits, string detail)
    {
        Assert.Equal(new Quote(credits, detail, null), Of(s_ads, body));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("1.0")]
    [InlineData("1e9")]
    [InlineData("1E0")]
    [InlineData("\"3\"")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("""{"n":1}""")]
    [InlineData("66666666667")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("123456789012345678901234567890")]
    public void Quote_NotAWholeNumberInBounds_Refused(string count)
    {
        var quote = Of(s_ads, $$"""{"format":"full","count":{{count}}}""");

        Assert.Equal(0, quote.Credits);
        Assert.Equal("#/count", quote.Error!.Pointer);
        Assert.Equal("must be a whole number from 1 to 66666666666", quote.Error.Detail);
    }

    [Theory]
    [InlineData("{}", "is missing: must be one of full, static")]
    [InlineData("""{"format":"huge"}""", "must be one of full, static")]
    [InlineData("""{"format":"Full"}""", "must be one of full, static")]
    [InlineData("""{"format":null}""", "must be one of full, static")]
    [InlineData("""{"format":15}""", "must be one of full, static")]
    [InlineData("""{"format":["full"]}""", "must be one of full, static")]
    [InlineData("""{"format":"\ud800"}""", "must be one of full, static")]
    [InlineData("""{"format":"static","format":"static"}""", "is given twice: must be given once")]
    [InlineData("""{"format":"bad","format":"static"}""", "is given twice: must be given once")]
    public void Quote_UnknownOption_Refused(string body, string detail)
    {
        var quote = Of(s_ads, body);

        Assert.Equal("#/format", quote.Error!.Pointer);
        Assert.Equal(detail, quote.Error.Detail);
    }

    [Fact]
    public void Quote_CountTwice_Refused()
    {
        Assert.Equal("#/count", Of(s_ads, """{"count":1,"format":"full","count":9}""").Error!.Pointer);
    }

    [Fact]
    public void Quote_FieldWithSpecialCharacters_PointerIsEscaped()
    {
        var price = new OptionPrice("a/b~c d", null, Table(("", 1)));

        Assert.Equal("#/a~1b~0c%20d", Of(price, """{"a/b~c d":0}""").Error!.Pointer);
    }

    [Theory]
    [InlineData("{}", 3, "count=1")]
    [InlineData("""{"count":7}""", 21, "count=7")]
    public void Quote_PerAlone_Multiplies(string body, long credits, string detail)
    {
        Assert.Equal(new Quote(credits, detail, null), Of(s_perUnit, body));
    }

    [Fact]
    public void Quote_ByAlone_IgnoresCount()
    {
        Assert.Equal(new Quote(15, "format=full", null), Of(s_byKind, """{"count":7,"format":"full"}"""));
    }

    [Fact]
    public void Quote_AnyCount_IsTheProductOrRefused()
    {
        Prop.ForAll<long, int>((count, price) =>
        {
            price = Math.Max(1, Math.Abs(price % 1_000_000));
            var quote = Of(new OptionPrice("count", null, Table(("", price))), $$"""{"count":{{count}}}""");
            var product = (Int128)count * price;
            return count >= 1 && product <= Price.Ceiling ? quote.Error is null && quote.Credits == product : quote.Error is not null;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Charge_WhateverTheAnswer_IsWhatWasQuoted()
    {
        Assert.Equal(45, Of(s_ads, """{"count":3,"format":"full"}""").Charge(default));
        Assert.Equal(new Quote(2, null, null), new FlatPrice(2).Quote(default));
        Assert.Equal(2, new FlatPrice(2).Quote(default).Charge("{}"u8));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void FlatPrice_OfNothing_IsFree(long credits, bool isFree)
    {
        var price = new FlatPrice(credits);

        Assert.Equal((isFree, false, credits), (price.IsFree, price.ReadsRequest, price.Quote(default).Charge(default)));
    }

    private static Quote Of(Price price, string body) => price.Quote(Encoding.UTF8.GetBytes(body));

    private static FrozenDictionary<string, long> Table(params (string Name, long Credits)[] prices) =>
        prices.ToFrozenDictionary(price => price.Name, price => price.Credits);
}
