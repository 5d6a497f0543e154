using MeteringGateway.Calls.Pricing;
using MeteringGateway.Dialects.Conduit;
using MeteringGateway.Tests.Http.Requests;

namespace MeteringGateway.Tests.Dialects;

public sealed class ConduitEntriesTests
{
    private static readonly CreditPrice s_price = new(0.004m);

    [Fact]
    public void Wire_Charge_IsInCentsAndNamesItsModel() => Assert.Equal(
        """{"id":"e-1","type":"USAGE_DEBIT","amountInCents":-2,"balanceAfterInCents":400,"metadata":"""
        + """{"model":"search","provider":"alpha","description":"Search (count=3)"},"createdAt":"2026-02-28T23:30:05.678Z"}""",
        Entries.Wire(ConduitEntries.Of(Entries.Of("usage", -5), s_price)));

    /// <summary>The ledger's own metadata stands beside ours and takes the place of none.</summary>
    [Fact]
    public void Wire_Purchase_NamesItsPaymentAndKeepsTheRest() => Assert.Equal(
        """{"stripePaymentId":"pi_1","description":"Package Ten","payment_id":"pi_1","price_cents":2500}""",
        Entries.Wire(ConduitEntries.Of(
            Entries.Of("purchase", 5, """{"payment_id":"pi_1","price_cents":2500,"description":"other"}""", "Package Ten"),
            s_price).Metadata));

    [Theory]
    [InlineData("""{"spendingLimit":250}""", "FIXED", null, 625)]
    [InlineData("""{"spendingLimit":0}""", "FIXED", null, 0)]
    [InlineData("""{"spendingLimit":1}""", "FIXED", null, 2)]
    [InlineData("""{"spendingLimit":250,"spendingType":"FIXED"}""", "FIXED", null, 625)]
    [InlineData("""{"spendingLimit":250,"spendingPeriod":"DAILY"}""", "RECURRING", "DAILY", 625)]
    [InlineData("""{"spendingLimit":250,"spendingType":"RECURRING","spendingPeriod":"MONTHLY"}""", "RECURRING", "MONTHLY", 625)]
    [InlineData("""{"spendingLimit":1000000000000000}""", "FIXED", null, 1_000_000_000_000_000)]
    public void Read_Limit_IsWholeCreditsOfItsCents(string json, string type, string? period, long credits)
    {
        var limit = Assert.Single(ConduitLimitFields.Read(Body.Fields(json), s_price)!.Value.Set);

        Assert.Equal((type, period, credits), (limit.Type, limit.Period, limit.Limit));
    }

    [Fact]
    public void Read_NullLimit_RemovesIt() =>
        Assert.Empty(ConduitLimitFields.Read(Body.Fields("""{"spendingLimit":null}"""), s_price)!.Value.Set);

    [Theory]
    [InlineData("{}", "#/spendingLimit")]
    [InlineData("""{"spendingType":"FIXED"}""", "#/spendingLimit")]
    [InlineData("""{"spendingLimit":-1}""", "#/spendingLimit")]
    [InlineData("""{"spendingLimit":1000000000000001}""", "#/spendingLimit")]
    [InlineData("""{"spendingLimit":1.5,"spendingPeriod":"YEARLY"}""", "#/spendingLimit #/spendingPeriod")]
    [InlineData("""{"spendingLimit":1,"spendingType":"RECURRING"}""", "#/spendingPeriod")]
    [InlineData("""{"spendingLimit":1,"spendingType":"FIXED","spendingPeriod":"DAILY"}""", "#/spendingPeriod")]
    [InlineData("""{"spendingLimit":1,"spending_type":"FIXED"}""", "#/spending_type")]
    public void Read_Wrong_NamesAllOfIt(string json, string pointers)
    {
        var fields = Body.Fields(json);

        Assert.Null(ConduitLimitFields.Read(fields, s_price));
        Assert.Equal(pointers, Body.Pointers(fields.Errors));
    }
}
