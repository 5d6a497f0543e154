using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Pricing.Usage;
using MeteringGateway.Calls.Providers;
using MeteringGateway.Calls.Streams;

namespace MeteringGateway.Tests.Calls.Streams;

public sealed class StreamChargeTests
{
    /// <summary>Contract §3, Streams: what has been shown is charged; the most where nothing was and the stream is whole, else 1.</summary>
    [Theory]
    [InlineData(StreamEnd.Whole, null, 50)]
    [InlineData(StreamEnd.Whole, 12L, 12)]
    [InlineData(StreamEnd.BrokeOff, null, 1)]
    [InlineData(StreamEnd.BrokeOff, 12L, 12)]
    [InlineData(StreamEnd.TimedOut, null, 1)]
    [InlineData(StreamEnd.TimedOut, 12L, 12)]
    [InlineData(StreamEnd.Stopped, null, 1)]
    [InlineData(StreamEnd.Stopped, 12L, 12)]
    [InlineData(StreamEnd.BrokeOff, 51L, 50)]
    internal void Of_PriceByUsage_IsWhatWasShown(StreamEnd end, long? shown, long charged)
    {
        var quote = new Quote(50, null, null, UsageRates.Of("usage.total_tokens", 1_000, 50));

        Assert.Equal(charged, StreamCharge.Of(quote, end, shown));
    }

    [Theory]
    [InlineData(StreamEnd.Whole)]
    [InlineData(StreamEnd.BrokeOff)]
    [InlineData(StreamEnd.TimedOut)]
    [InlineData(StreamEnd.Stopped)]
    internal void Of_PriceThatAsksNothingOfTheAnswer_IsChargedInFull(StreamEnd end) =>
        Assert.Equal((7, 0), (StreamCharge.Of(new Quote(7, null, null), end, null), StreamCharge.Of(new Quote(0, null, null), end, null)));
}
