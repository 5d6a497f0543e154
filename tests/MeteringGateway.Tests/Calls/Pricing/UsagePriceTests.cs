using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;

namespace MeteringGateway.Tests.Calls.Pricing;

public sealed class UsagePriceTests
{
    private static readonly UsagePrice s_chat = new("usage.total_tokens", 3, 50);

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0.0001", 1)]
    [InlineData("333", 1)]
    [InlineData("333.3", 1)]
    [InlineData("333.4", 2)]
    [InlineData("334", 2)]
    [InlineData("666", 2)]
    [InlineData("667", 3)]
    [InlineData("1000", 3)]
    [InlineData("1e3", 3)]
    [InlineData("1.0E+3", 3)]
    [InlineData("16333", 49)]
    [InlineData("16334", 50)]
    [InlineData("16666.6", 50)]
    [InlineData("16667", 50)]
    [InlineData("9223372036854775808", 50)]
    [InlineData("1e28", 50)]
    [InlineData("1e400", 50)]
    [InlineData("1e99999999999", 50)]
    [InlineData("1e-400", 1)]
    [InlineData("1e-99999999999", 1)]
    [InlineData("0e99999999999", 1)]
    [InlineData("-0", 1)]
    [InlineData("-5000", 1)]
    [InlineData("-1e400", 1)]
    [InlineData("null", 50)]
    [InlineData("true", 50)]
    [InlineData("\"5000\"", 50)]
    [InlineData("[5000]", 50)]
    [InlineData("{\"n\":5000}", 50)]
    public void Charge_Usage_RoundsUpWithinOneAndMax(string usage, long credits)
    {
        Assert.Equal(credits, Charge(
            $$"""{"id":[{"usage":{"total_tokens":9} }],"usage":{"prompt":{"total_tokens":8} ,"total_tokens":{{usage}},"more":{} },"z":1}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"total_tokens":5000}""")]
    [InlineData("""{"usage":5000}""")]
    [InlineData("""{"usage":{}}""")]
    [InlineData("""{"usage.total_tokens":5000}""")]
    [InlineData("""{"a":{"usage":{"total_tokens":5000}}}""")]
    [InlineData("""{"usage":[{"total_tokens":5000}]}""")]
    [InlineData("""{"usage":{"total_tokens":5000}""")]
    [InlineData("""{"usage":{"total_tokens":5000}} x""")]
    [InlineData("data: {}")]
    public void Charge_AnswerWithoutUsage_TheMost(string answer)
    {
        Assert.Equal(50, Charge(answer));
    }

    [Theory]
    [InlineData("""{"usage":{"total_tokens":1000,"total_tokens":2000}}""", 6)]
    [InlineData("""{"usage":{"total_tokens":2000,"total_tokens":null}}""", 50)]
    [InlineData("""{"usage":{"total_tokens":1000},"usage":{"total_tokens":2000}}""", 6)]
    [InlineData("""{"us\u0061ge":{"total_tokens":2000}}""", 6)]
    public void Charge_UnusualNames_LastCounts(string answer, long credits)
    {
        Assert.Equal(credits, Charge(answer));
    }

    [Fact]
    public void Charge_DeepAnswer_IsRead()
    {
        var nest = new string('[', 500) + new string(']', 500);

        Assert.Equal(6, Charge($$"""{"deep":{{nest}},"usage":{"total_tokens":2000} }"""));
    }

    [Fact]
    public void Charge_PathOfOneName_IsFoundAtTheTop()
    {
        Assert.Equal(4, UsageRates.Of("tokens", 1000, 50).Charge("""{"x":{"tokens":9},"tokens":4}"""u8));
    }

    [Fact]
    public void Quote_AnyRequest_HoldsTheMost()
    {
        Assert.Equal(new Quote(50, null, null, s_chat.Rates[""]), s_chat.Quote("""{"surface":"chat"}"""u8));
        Assert.Equal((false, false), (s_chat.ReadsRequest, s_chat.IsFree));
    }

    [Fact]
    public void Charge_AnyWholeUsage_IsTheExactCeilingInBounds()
    {
        Prop.ForAll<ulong, int, int>((usage, rate, most) =>
        {
            var (perThousand, max) = (1L + Math.Abs((long)rate), 1L + Math.Abs((long)most));
            var exact = ((UInt128)usage * (UInt128)perThousand + 999) / 1000;
            var expected = exact < 1 ? 1 : exact > (UInt128)max ? max : (long)exact;
            return expected == UsageRates.Of("n", perThousand, max).Charge(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{usage}}}""")));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Charge_AnyNumber_IsFromOneToReserved()
    {
        Prop.ForAll<double, long, long>((usage, rate, most) =>
        {
            var (perThousand, max) = (1 + Math.Abs(rate % Price.Ceiling), 1 + Math.Abs(most % Price.Ceiling));
            var text = double.IsFinite(usage) ? usage.ToString("R", CultureInfo.InvariantCulture) : "1e999";
            return UsageRates.Of("n", perThousand, max).Charge(Encoding.UTF8.GetBytes($$"""{"n":{{text}}}""")) is var charged
                && charged >= 1 && charged <= max;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Charge_LargestPricesAndUsage_DoNotOverflow()
    {
        var rates = UsageRates.Of("n", Price.Ceiling, Price.Ceiling);

        Assert.Equal(Price.Ceiling, rates.Charge("""{"n":79228162514264337593543950335}"""u8));
        Assert.Equal(999_000_000_000, rates.Charge("""{"n":999}"""u8));
    }

    private static long Charge(string answer) => s_chat.Quote(default).Charge(Encoding.UTF8.GetBytes(answer));
}
