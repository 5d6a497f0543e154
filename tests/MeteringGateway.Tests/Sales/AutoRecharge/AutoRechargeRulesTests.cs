using System.Globalization;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Sales.AutoRecharge;

namespace MeteringGateway.Tests.Sales.AutoRecharge;

public sealed class AutoRechargeRulesTests
{
    /// <summary>At a cent a credit: what one recharge buys must reach the threshold, or it would buy for ever.</summary>
    [Theory]
    [InlineData(2500, 2500, null, null)]
    [InlineData(2500, 2501, null, "auto_recharge_threshold")]
    [InlineData(1_000_000, 20, null, null)]
    [InlineData(1_000_001, 20, null, "auto_recharge_amount_usd")]
    [InlineData(2500, 20, 2500L, null)]
    [InlineData(2500, 20, 2499L, "auto_recharge_monthly_cap_usd")]
    [InlineData(2500, 20, 0L, "auto_recharge_monthly_cap_usd")]
    [InlineData(0, 20, null, "auto_recharge_amount_usd")]
    public void Refusal_AtEachBound_NamesTheField(long cents, long threshold, long? cap, string? field) =>
        Assert.Equal(field, Refusal("0.01",
            new AutoRechargeSettings { AmountCents = cents, Threshold = threshold, MonthlyCapCents = cap }));

    /// <summary>A credit of 30 USD: 25 buy none, 59.99 buy one.</summary>
    [Theory]
    [InlineData(2999, 1, "auto_recharge_amount_usd")]
    [InlineData(3000, 1, null)]
    [InlineData(5999, 2, "auto_recharge_threshold")]
    [InlineData(6000, 2, null)]
    public void Refusal_OfDearCredits_CountsWholeOnes(long cents, long threshold, string? field) =>
        Assert.Equal(field, Refusal("30", new AutoRechargeSettings { AmountCents = cents, Threshold = threshold }));

    [Fact]
    public void Refusal_OfWhatEveryAccountStartsWith_IsNone() => Assert.Null(Refusal("0.01", new AutoRechargeSettings()));

    [Theory]
    [InlineData(2500, null, 10_000)]
    [InlineData(2500, 0L, 0)]
    [InlineData(2500, 3000L, 3000)]
    public void CapCents_Unset_IsFourRecharges(long cents, long? cap, long most) =>
        Assert.Equal(most, new AutoRechargeSettings { AmountCents = cents, MonthlyCapCents = cap }.CapCents);

    /// <summary>The cap counts by the month of UTC, whatever the clock's own offset.</summary>
    [Theory]
    [InlineData("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("2026-02-28T23:59:59.999Z", "2026-02-01T00:00:00Z")]
    [InlineData("2026-03-01T01:59:59+02:00", "2026-02-01T00:00:00Z")]
    [InlineData("2026-12-31T23:30:00-01:00", "2027-01-01T00:00:00Z")]
    public void MonthOf_AMoment_IsItsFirstInUtc(string now, string month)
    {
        var start = AutoRechargeStore.MonthOf(Moment(now));

        Assert.Equal((Moment(month), TimeSpan.Zero), (start, start.Offset));
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string? Refusal(string usd, AutoRechargeSettings settings) =>
        AutoRechargeRules.Refusal(settings, new CreditPrice(decimal.Parse(usd, CultureInfo.InvariantCulture)))?.Field;
}
