using System.Text;
using MeteringGateway.Compare.Streams;
using MeteringGateway.Load.Streams;

namespace MeteringGateway.Tests.LoadTests;

public sealed class StreamTallyTests
{
    private const string Whole = "data: {\"sent\":123,\"delta\":1}\n\ndata: {\"sent\":456}\n\ndata: {}\n\ndata: [DONE]\n\n";

    /// <summary>Wherever the pieces are cut, the same is seen.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Tally_OfEventsInAnyPieces_SeesTheFirstStampAllEventsAndTheEnd(int size)
    {
        var tally = Tally(Whole, size);

        Assert.Equal((123L, 4L, Whole.Length, true), (tally.Sent, tally.Events, tally.Bytes, tally.HasLastEvent));
    }

    [Theory]
    [InlineData("data: {}\n\ndata: [DONE]\n", false, null, null)]
    [InlineData("data: {\"sent\":x}\n\n", false, null, null)]
    [InlineData("", false, null, null)]
    [InlineData("{\"result\":{\"credits_charged\":3},\"credits_charged\":21,\"remaining_credits\":5}", false, null, 21L)]
    [InlineData("{\"credits_charged\":7", false, null, 7L)]
    public void Tally_OfAnythingElse_ClaimsNothing(string text, bool last, long? sent, long? charged)
    {
        var tally = Tally(text, 5);

        Assert.Equal((last, sent, charged), (tally.HasLastEvent, tally.Sent, tally.Charged));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void Tally_OfALargeAnswer_KeepsItsBeginningAndItsEnd(int size)
    {
        var text = new string('a', 3000) + new string('b', 3000) + "\"credits_charged\":4}";

        var tally = Tally(text, size);

        Assert.Equal((text.Length, text[..1024], text[^1024..], 4L), (tally.Bytes, tally.First, tally.Last, tally.Charged));
    }

    [Theory]
    [InlineData(StreamOrder.Events, 2, Whole, null)]
    [InlineData(StreamOrder.Events, 3, Whole, "4 events of 5")]
    [InlineData(StreamOrder.Events, 2, "data: {}\n\n", "the stream ended without its last event")]
    [InlineData(StreamOrder.Json, 0, "{\"credits_charged\":1}", null)]
    [InlineData(StreamOrder.Json, 0, "{\"credits_charged\":2}", "the envelope says a charge of 2")]
    [InlineData(StreamOrder.Json, 0, "{", "the envelope says a charge of nothing")]
    [InlineData(StreamOrder.Opaque, 0, "0123456789", null)]
    [InlineData(StreamOrder.Opaque, 0, "01234567", "8 bytes of 10")]
    public void Wrong_OfAnAnswer_SaysWhatIsMissing(string kind, int events, string text, string? wrong) =>
        Assert.Equal(wrong, StreamClient.Wrong(new StreamOrder("x", kind) { Count = events, Bytes = 10 }, Tally(text, 100)));

    [Fact]
    public void Order_ThroughItsBody_IsTheSame()
    {
        var order = new StreamOrder("chat", StreamOrder.Events, 12) { Count = 3, Together = 2, PauseMilliseconds = 5, Bytes = 1L << 40 };

        Assert.Equal(order, StreamOrder.Read(order.ToBody()));
        Assert.Contains("\"surface\":\"chat\"", Encoding.UTF8.GetString(order.ToBody()), StringComparison.Ordinal);
    }

    [Fact]
    public void Bill_BesideTheLedger_NamesEachAccountThatDiffers()
    {
        var bill = new StreamBill();
        bill.Add(1, new StreamOrder("chat", StreamOrder.Events, 12));
        bill.Add(1, new StreamOrder("chat", StreamOrder.Events, 3));
        bill.Add(2, new StreamOrder("chat", StreamOrder.Events, 5));

        Assert.Equal(3, bill.Answers);
        Assert.Empty(bill.Differences(new Dictionary<long, long> { [1] = 15, [2] = 5 }));
        Assert.Equal(
            [
                "account 1 owes 15 credits for its streams, the ledger charged 14",
                "account 2 owes 5 credits for its streams, the ledger charged 0",
                "account 3 owes 0 credits for its streams, the ledger charged 9",
            ],
            bill.Differences(new Dictionary<long, long> { [1] = 14, [3] = 9 }));
    }

    private static StreamTally Tally(string text, int size)
    {
        var tally = new StreamTally();
        foreach (var piece in Encoding.ASCII.GetBytes(text).Chunk(size))
        {
            tally.Add(piece);
        }

        return tally;
    }
}
