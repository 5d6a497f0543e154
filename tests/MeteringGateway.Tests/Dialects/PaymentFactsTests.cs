using MeteringGateway.Dialects;

namespace MeteringGateway.Tests.Dialects;

public sealed class PaymentFactsTests
{
    [Theory]
    [InlineData("""{"payment_id":"pi_1","price_cents":2500,"currency":"USD"}""", "pi_1", 2500L, 2500L)]
    [InlineData("""{"payment_id":"pi_1","price_cents":1,"currency":"USD"}""", "pi_1", 1L, 1L)]
    [InlineData("""{"payment_id":"pi_1","price_cents":0,"currency":"USD"}""", "pi_1", 0L, null)]
    [InlineData("""{"payment_id":"pi_1","price_cents":2500,"currency":"EUR"}""", "pi_1", 2500L, null)]
    [InlineData("""{"price_cents":2500,"currency":"usd"}""", null, 2500L, null)]
    [InlineData("""{"payment_id":1,"price_cents":"2500","currency":"USD"}""", null, null, null)]
    [InlineData("""{"price_cents":25.5,"currency":"USD"}""", null, null, null)]
    [InlineData("{}", null, null, null)]
    [InlineData("[]", null, null, null)]
    [InlineData(null, null, null, null)]
    public void Of_Metadata_BelievesOnlyWhatHasItsKind(string? metadata, string? payment, long? cents, long? dollars)
    {
        var facts = PaymentFacts.Of(Entries.Of("purchase", 5, metadata));

        Assert.Equal((payment, cents, dollars), (facts.PaymentId, facts.PriceCents, facts.DollarCents));
    }

    [Fact]
    public void WireMoment_OfAnyOffset_IsUtcAndCutNotRounded()
    {
        Assert.Equal("2026-02-28T23:30:05Z", WireMoment.Seconds(Entries.At));
        Assert.Equal("2026-02-28T23:30:05.678Z", WireMoment.Milliseconds(Entries.At));
        Assert.Equal("0001-01-01T00:00:00.000Z", WireMoment.Milliseconds(DateTimeOffset.MinValue));
    }
}
