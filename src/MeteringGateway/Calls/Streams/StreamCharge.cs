using MeteringGateway.Calls.Pricing;
using MeteringGateway.Calls.Providers;

namespace MeteringGateway.Calls.Streams;

/// <summary>What an answer costs that went out as it came. Pure: every case stands in a table.</summary>
internal static class StreamCharge
{
    /// <summary>
    /// A price that asks nothing of the answer is charged in full: the provider has done its work. A price by usage is that of the last
    /// usage which the stream has shown; the most where it ended whole and showed none, and 1 where it was cut before it could.
    /// </summary>
    public static long Of(Quote quote, StreamEnd end, long? shown) =>
        quote.Usage is null ? quote.Credits
        : shown is { } credits ? Math.Min(credits, quote.Credits)
        : end == StreamEnd.Whole ? quote.Credits
        : Math.Min(1, quote.Credits);
}
