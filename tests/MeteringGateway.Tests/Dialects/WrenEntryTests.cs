using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.Calls.Pricing;
using MeteringGateway.Dialects.Wren;
using MeteringGateway.Ledger.Reading;

namespace MeteringGateway.Tests.Dialects;

public sealed class WrenEntryTests
{
    private static readonly CreditPrice s_price = new(0.004m);

    /// <summary>At 0.4 cents a credit. A deduction belongs to its own order, a top-up to its charge, and neither has the other's.</summary>
    [Theory]
    [InlineData("usage", -250, -100, "deduction", "e-1", null)]
    [InlineData("purchase", 250, 100, "top_up", null, "pi_1")]
    [InlineData("refund", -1, 0, "refund", null, null)]
    [InlineData("refund", 2, 1, "refund", null, null)]
    [InlineData("bonus", 3, 1, "top_up", null, "pi_1")]
    [InlineData("bonus", -4, -2, "deduction", "e-1", null)]
    public void Of_EachType_HasItsCentsAndWhatItBelongsTo(string type, long delta, long cents, string name, string? order, string? charge)
    {
        var entry = WrenEntry.Of(Entries.Of(type, delta, """{"payment_id":"pi_1"}"""), s_price);

        Assert.Equal((cents, name, order, charge), (entry.AmountUsdCents, entry.Type, entry.OrderGroupId, entry.StripeChargeId));
    }

    [Fact]
    public void Wire_EntryTopUpAndBalance_AreInTheDocumentsNames()
    {
        Assert.Equal(
            """{"id":"e-1","amount_usd_cents":-2,"type":"deduction","order_group_id":"e-1","stripe_charge_id":null,"description":"""
            + """null,"created_at":"2026-02-28T23:30:05.678Z"}""",
            Entries.Wire(WrenEntry.Of(Entries.Of("usage", -5, description: null), s_price)));
        Assert.Equal("""{"amountCharged":0,"id":"order:7","creditBalance":null}""", Entries.Wire(new WrenTopUp(0, "order:7", null)));
        Assert.Equal("""{"creditBalanceUsdCents":100000}""", Entries.Wire(new WrenBalance(WrenSample.BalanceCents)));
    }

    /// <summary>The sample leads to its balance, whatever a credit costs, and is filtered as real entries are.</summary>
    [Fact]
    public void Sample_AddsUpToItsBalance_AndIsFilteredByTypeAndTime()
    {
        Assert.Equal(WrenSample.BalanceCents, WrenSample.Entries.Sum(entry => entry.AmountUsdCents));
        Assert.Equal(["test-3", "test-2", "test-1"], Ids(EntryFilter.None));
        Assert.Equal(["test-2"], Ids(EntryFilter.None with { Types = EntryFilterReader.OwnNames("usage").Types }));
        Assert.Equal(["test-3", "test-2"], Ids(EntryFilter.None with { From = new DateTimeOffset(2026, 1, 7, 9, 0, 0, TimeSpan.Zero) }));
        Assert.Equal(["test-1"], Ids(EntryFilter.None with { To = new DateTimeOffset(2026, 1, 7, 9, 0, 0, TimeSpan.Zero) }));
        Assert.Empty(Ids(EntryFilter.None with { Surface = "sandbox" }));
        Assert.Empty(Ids(EntryFilter.None with { KeyId = 1 }));

        static IEnumerable<string> Ids(EntryFilter filter) => WrenSample.Find(filter).Select(entry => entry.Id);
    }
}
