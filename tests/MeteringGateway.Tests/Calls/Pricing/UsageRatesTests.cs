using System.Collections.Frozen;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class UsageRatesTests
{
    private static readonly UsageRates s_tokens = new(
        [new("usage.prompt_tokens", 3), new("usage.completion_tokens", 15)], 1_000_000, 2, 500);

    /// <summary>ceil((prompt × 3 + completion × 15) / 1,000,000), from 2 to 500.</summary>
    [Theory]
    [InlineData("0", "0", 2)]
    [InlineData("1", "0", 2)]
    [InlineData("666666", "0", 2)]
    [InlineData("666667", "0", 3)]
    [InlineData("666662", "1", 3)]
    [InlineData("666661", "1", 2)]
    [InlineData("1000000", "0", 3)]
    [InlineData("1000000", "1000000", 18)]
    [InlineData("1000000", "1000001", 19)]
    [InlineData("-9", "1000000", 15)]
    [InlineData("1e6", "1.0E6", 18)]
    [InlineData("166666665", "0", 500)]
    [InlineData("166333333", "0", 499)]
    [InlineData("166333333", "1", 500)]
    [InlineData("9223372036854775808", "9223372036854775808", 500)]
    [InlineData("1e400", "0", 500)]
    [InlineData("0", "1e400", 500)]
    public void Charge_TwoFields_AddsThemUpAndRoundsOnce(string prompt, string completion, long credits)
    {
        Assert.Equal(credits, Charge($$$"""{"usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}}}}"""));
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":1000000}}""", 3)]
    [InlineData("""{"usage":{"completion_tokens":1000000}}""", 15)]
    [InlineData("""{"usage":{"prompt_tokens":null,"completion_tokens":1000000}}""", 15)]
    [InlineData("""{"usage":{"prompt_tokens":"9","completion_tokens":1000000}}""", 15)]
    [InlineData("""{"usage":{}}""", 500)]
    [InlineData("""{"usage":{"prompt_tokens":null}}""", 500)]
    [InlineData("""{"message":{"usage":{"prompt_tokens":1000000}}}""", 500)]
    [InlineData("""{"usage":{"prompt_tokens":1000000}""", 500)]
    [InlineData("", 500)]
    public void Charge_FieldsMissing_CountAsNothingAndAllOfThemAsTheMost(string answer, long credits)
    {
        Assert.Equal(credits, Charge(answer));
    }

    [Fact]
    public void Charge_OneFieldWithinAnother_BothAreFound()
    {
        var rates = new UsageRates([new("a.b", 1000), new("a.c.d", 1000), new("a", 1000)], 1000, 1, 50);

        Assert.Equal(12, rates.Charge("""{"a":{"c":{"x":[{"d":9}],"d":7},"b":5},"b":1,"c":{"d":2}}"""u8));
        Assert.Equal(4, rates.Charge("""{"a":4}"""u8));
    }

    [Fact]
    public void Charge_RateOfNothing_CostsNothingHoweverMuch()
    {
        var rates = new UsageRates([new("cached", 0), new("read", 1)], 1, 1, 50);

        Assert.Equal(7, rates.Charge("""{"cached":1e400,"read":7}"""u8));
        Assert.Equal(1, rates.Charge("""{"cached":5}"""u8));
    }

    [Fact]
    public void Charge_LargestRates_DoNotOverflow()
    {
        var rates = new UsageRates([new("a", Price.Ceiling), new("b", Price.Ceiling)], Price.Ceiling, 1, Price.Ceiling);

        Assert.Equal(Price.Ceiling, rates.Charge("""{"a":79228162514264337593543950335,"b":79228162514264337593543950335}"""u8));
        Assert.Equal(999_999_999_999, rates.Charge("""{"a":499999999999,"b":500000000000}"""u8));
        Assert.Equal(Price.Ceiling, rates.Charge("""{"a":500000000000,"b":500000000000}"""u8));
    }

    [Fact]
    public void Charge_AnyWholeUsage_IsTheExactCeilingInBounds()
    {
        Prop.ForAll<(uint, uint), (ushort, ushort), (int, int)>((used, rate, bounds) =>
        {
            var (per, most) = (1 + Math.Abs((long)bounds.Item1), 1 + Math.Abs((long)bounds.Item2));
            var rates = new UsageRates([new("a", rate.Item1), new("b", rate.Item2)], per, 1, most);
            var exact = (((Int128)used.Item1 * rate.Item1) + ((Int128)used.Item2 * rate.Item2) + per - 1) / per;
            return rates.Charge(Encoding.UTF8.GetBytes($$"""{"a":{{used.Item1}},"b":{{used.Item2}}}"""))
                == (long)Int128.Clamp(exact, 1, most);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Quote_ByAFieldOfTheRequest_ChoosesTheRates()
    {
        var (small, large) = (UsageRates.Of("n", 1, 40), UsageRates.Of("n", 10, 50));
        var models = new Dictionary<string, UsageRates> { ["small"] = small, ["gpt:4"] = large };
        var price = new UsagePrice("model", models.ToFrozenDictionary());

        Assert.True(price.ReadsRequest);
        Assert.Equal(new Quote(40, "model=small", null, small), price.Quote("""{"model":"small"}"""u8));
        Assert.Equal(new Quote(50, "model=gpt:4", null, large), price.Quote("""{"x":1,"model":"gpt:4"}"""u8));
        Assert.Equal(10, price.Quote("""{"model":"gpt:4"}"""u8).Charge("""{"n":1000}"""u8));
        foreach (var (body, detail) in new (string, string)[]
        {
            ("""{"model":"Small"}""", "must be one of gpt:4, small"), ("{}", "is missing: must be one of gpt:4, small"),
            ("""{"model":"small","model":"small"}""", "is given twice: must be given once"),
        })
        {
            var refused = price.Quote(Encoding.UTF8.GetBytes(body));
            Assert.Equal((0, "#/model", detail, null), (refused.Credits, refused.Error!.Pointer, refused.Error.Detail, refused.Usage));
        }
    }

    private static long Charge(string answer) => s_tokens.Charge(Encoding.UTF8.GetBytes(answer));
}
