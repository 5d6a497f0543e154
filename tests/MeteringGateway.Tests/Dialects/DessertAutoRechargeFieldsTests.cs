using MeteringGateway.Calls.Pricing;
using MeteringGateway.Dialects.Dessert;
using MeteringGateway.Sales.AutoRecharge;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Dialects;

public sealed class DessertAutoRechargeFieldsTests
{
    private static readonly CreditPrice s_price = new(0.01m);
    private static readonly AutoRechargeSettings s_current =
        new() { Enabled = true, Threshold = 20, AmountCents = 2500, MonthlyCapCents = 7500 };

    [Theory]
    [InlineData("{}", true, 20, 2500, 7500L)]
    [InlineData("""{"auto_recharge_enabled":false}""", false, 20, 2500, 7500L)]
    [InlineData("""{"auto_recharge_threshold":2500}""", true, 2500, 2500, 7500L)]
    [InlineData("""{"auto_recharge_amount_usd":1}""", true, 20, 100, 7500L)]
    [InlineData("""{"auto_recharge_amount_usd":75.00}""", true, 20, 7500, 7500L)]
    [InlineData("""{"auto_recharge_amount_usd":25.01}""", true, 20, 2501, 7500L)]
    [InlineData("""{"auto_recharge_amount_usd":10000,"auto_recharge_monthly_cap_usd":1000000}""", true, 20, 1_000_000, 100_000_000L)]
    [InlineData("""{"auto_recharge_monthly_cap_usd":null}""", true, 20, 2500, null)]
    [InlineData("""{"auto_recharge_monthly_cap_usd":25}""", true, 20, 2500, 2500L)]
    public void Read_Change_LeavesWhatIsAbsent(string json, bool enabled, long threshold, long cents, long? cap)
    {
        var wanted = DessertAutoRechargeFields.Read(Body.Fields(json), s_current, s_price);

        Assert.Equal(s_current with { Enabled = enabled, Threshold = threshold, AmountCents = cents, MonthlyCapCents = cap }, wanted);
    }

    [Theory]
    [InlineData("""{"auto_recharge_enabled":"on"}""", "#/auto_recharge_enabled")]
    [InlineData("""{"auto_recharge_threshold":0}""", "#/auto_recharge_threshold")]
    [InlineData("""{"auto_recharge_threshold":2501}""", "#/auto_recharge_threshold")]
    [InlineData("""{"auto_recharge_amount_usd":0.99}""", "#/auto_recharge_amount_usd")]
    [InlineData("""{"auto_recharge_amount_usd":10000.01}""", "#/auto_recharge_amount_usd")]
    [InlineData("""{"auto_recharge_amount_usd":25.001}""", "#/auto_recharge_amount_usd")]
    [InlineData("""{"auto_recharge_amount_usd":75.01}""", "#/auto_recharge_monthly_cap_usd")]
    [InlineData("""{"auto_recharge_monthly_cap_usd":24.99}""", "#/auto_recharge_monthly_cap_usd")]
    [InlineData("""{"auto_recharge_monthly_cap_usd":1000000.01}""", "#/auto_recharge_monthly_cap_usd")]
    [InlineData("""{"auto_recharge_limit":1,"auto_recharge_threshold":null}""", "#/auto_recharge_limit")]
    public void Read_Wrong_NamesTheField(string json, string field)
    {
        var fields = Body.Fields(json);

        Assert.Null(DessertAutoRechargeFields.Read(fields, s_current, s_price));
        Assert.Equal(field, Body.Pointers(fields.Errors));
    }

    /// <summary>Credits have become dearer: the settings are none that would be taken today, and still it can be turned off.</summary>
    [Fact]
    public void Read_OnlyTurningOff_IsHeardWhateverTheSettings()
    {
        var stale = s_current with { Threshold = 5000 };

        Assert.Equal(
            stale with { Enabled = false },
            DessertAutoRechargeFields.Read(Body.Fields("""{"auto_recharge_enabled":false}"""), stale, s_price));
        Assert.Null(DessertAutoRechargeFields.Read(Body.Fields("""{"auto_recharge_enabled":true}"""), stale, s_price));
        Assert.Null(DessertAutoRechargeFields.Read(
            Body.Fields("""{"auto_recharge_enabled":false,"auto_recharge_amount_usd":30}"""), stale, s_price));
    }
}
